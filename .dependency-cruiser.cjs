// The arrows of docs/architecture.md. `npm run arrows` also checks that every module was seen.
const m = '^middleware/src/';
const core = '(mirror|planning|delivery|gates|properties|alerts|health)';
const rule = (name, from, to) => ({ name, severity: 'error', from, to });

module.exports = {
  forbidden: [
    rule('no-circular', {}, { circular: true }),
    rule('resolvable', {}, { couldNotResolve: true }),
    rule(
      'plugin-takes-types-only',
      { path: '^src/' },
      { path: '^(middleware|scripts|test)/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'plugin-knows-contracts-only',
      { path: '^src/' },
      { path: '^middleware/', pathNot: `${m}contracts/` },
    ),
    rule(
      'api-formatters-org-apart',
      { path: '^src/(api|formatters|org)/' },
      { path: '^src/(api|formatters|org|commands)/', pathNot: '^src/$1/' },
    ),
    rule(
      'metadata-in-one-place',
      { path: '^src/', pathNot: '^src/org/' },
      { path: 'node_modules/@salesforce/source-deploy-retrieve/' },
    ),
    rule('local-org-is-an-island', { path: '^local-org/src/' }, { path: '^(src|middleware|scripts)/' }),
    rule('nobody-imports-local-org', { path: '^(src|middleware|scripts)/' }, { path: '^local-org/' }),
    rule(
      'contracts-import-zod-only',
      { path: `${m}contracts/` },
      { pathNot: `${m}contracts/|node_modules/zod/` },
    ),
    rule(
      'ports-import-contracts-and-errors',
      { path: `${m}ports/` },
      { pathNot: `${m}(ports/|contracts/|errors\\.ts)` },
    ),
    rule(
      'core-is-pure',
      { path: `${m}${core}/` },
      { pathNot: `${m}(${core}/|ports/|contracts/|errors\\.ts)|^(node:)?(crypto|assert|util)$` },
    ),
    rule(
      'core-points-down',
      { path: `${m}(mirror|gates|alerts)/` },
      { path: `${m}${core}/`, pathNot: `${m}$1/` },
    ),
    rule(
      'health-looks-at-planning',
      { path: `${m}health/` },
      { path: `${m}(gates|delivery|properties|alerts)/` },
    ),
    rule(
      'planning-below-delivery',
      { path: `${m}planning/` },
      { path: `${m}(gates|delivery|properties|alerts|health)/` },
    ),
    rule('delivery-below-properties', { path: `${m}delivery/` }, { path: `${m}(properties|alerts|health)/` }),
    rule(
      'adapters-look-inward',
      { path: `${m}adapters/` },
      { path: `${m}(${core}/|http/|(app|server|config|worker|scheduler)\\.ts)` },
    ),
    rule(
      'adapters-apart',
      { path: `${m}adapters/([^/]+)/` },
      { path: `${m}adapters/`, pathNot: `${m}adapters/$1/` },
    ),
    rule(
      'only-server-wires',
      { path: m, pathNot: `${m}(server\\.ts|adapters/)` },
      { path: `${m}(adapters/|(server|config)\\.ts)` },
    ),
    rule(
      'sdk-in-its-adapter',
      { path: '^(src|middleware/src)/', pathNot: `${m}adapters/` },
      {
        path: 'node_modules/(@databricks/sql|@duckdb|@?jsforce|pg|kysely|pg-boss|@electric-sql|nodemailer)/',
      },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
