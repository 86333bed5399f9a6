import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Ajv, type ValidateFunction } from 'ajv';
import { parse } from 'yaml';
import { readSqlFiles } from '../../middleware/src/adapters/sqlFiles/readSqlFiles.ts';
import { defaultSourceNames } from '../../middleware/src/planning/sourceContract.ts';
import { bundleFile } from '../../scripts/bundle/bundleDirectory.ts';
import { generateBundle } from '../../scripts/bundle/generateBundle.ts';
import { readerGrants, sourceGrants } from '../../scripts/bundle/grantSql.ts';
import { installSql } from '../../scripts/bundle/installSql.ts';
import { readTargets, toTargets, type BundleTarget } from '../../scripts/bundle/readTargets.ts';
import type { Dashboard } from '../../scripts/bundle/bundleQueries.ts';

const readText = (path: string): Promise<string> => readFile(bundleFile(path), 'utf8');
const compile = async (schema: string): Promise<ValidateFunction> =>
  new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(
    JSON.parse(await readText(schema)) as object,
  );

const yamlFiles = [
  'databricks.yml',
  ...['alerts', 'dashboard', 'jobs', 'schema'].map((name) => `resources/${name}.yml`),
];
let texts: Map<string, string>;
let bundle: ValidateFunction;
let targets: BundleTarget[];

beforeAll(async () => {
  texts = new Map(await Promise.all(yamlFiles.map(async (file) => [file, await readText(file)] as const)));
  bundle = await compile('schema/bundle.schema.json');
  targets = await readTargets();
});

describe('the generated files of the bundle', () => {
  it('are those that the sources give, and no others', async () => {
    const generated = await generateBundle();
    for (const [path, text] of Object.entries(generated))
      expect([path, await readText(path)]).toEqual([path, text]);
    const held = (await readdir(bundleFile('sql'), { recursive: true })).filter((path) =>
      path.endsWith('.sql'),
    );
    expect(held.map((path) => `sql/${path}`).sort()).toEqual(
      Object.keys(generated)
        .filter((path) => path.startsWith('sql/'))
        .sort(),
    );
  });

  it('follow the names of the target', async () => {
    const [target] = toTargets(`
variables:
  catalog: { default: main }
  schema: { default: sync }
  properties_table: { default: lake.rds.homes }
  companies_table: { default: lake.rds.firms }
  wide_features_table: { default: lake.wide.flags }
  property_feature_events_table: { default: lake.rds.events }
  source_columns: { default: { properties: { id: home_id } } }
  middleware_principal: { default: sync-app }
  readers_group: { default: lookers }
targets:
  test: { variables: { schema: other } }`);
    if (target === undefined) throw new Error('There is no target.');
    const { views, registry } = await installSql(target, await readSqlFiles());
    expect(views[0]).toContain('create or replace view main.other.source_properties as');
    expect(views[0]).toContain('cast(home_id as string) as id');
    expect(views[0]).toContain('from lake.rds.homes');
    expect(registry[0]).toContain("table_catalog = 'main' and table_schema = 'other'");
    expect(sourceGrants(target)).toContain('grant select on table lake.rds.homes to `sync-app`');
    expect(readerGrants(target)).toEqual([
      'grant select on view main.other.sync_monitoring_dashboard to `lookers`',
      'grant select on view main.other.property_sync_audit_log to `lookers`',
    ]);
  });

  it.each(['crm; drop schema x', 'crm`'])('take no name that is more than a name: %s', async (catalog) => {
    const [target] = targets.map((each) => ({ ...each, catalog }));
    if (target === undefined) throw new Error('There is no target.');
    await expect(installSql(target, await readSqlFiles())).rejects.toThrow('is not a name');
    expect(() => sourceGrants(target)).toThrow('is not a name');
    expect(() => readerGrants({ ...target, catalog: 'crm', readersGroup: 'a` or `b' })).toThrow(
      'is not a name',
    );
  });

  it('let the middleware have what it reads, and nobody anything to write', () => {
    const all = targets.flatMap((target) => [...sourceGrants(target), ...readerGrants(target)]);
    const given = new Set(
      all.map((statement) => /^grant (use catalog|use schema|select) on/.exec(statement)?.[1]),
    );
    expect(given).toEqual(new Set(['use catalog', 'use schema', 'select']));
    for (const { table } of Object.values(defaultSourceNames)) {
      expect(all.some((statement) => statement.startsWith(`grant select on table ${table} to`))).toBe(true);
    }
  });
});

describe('the keys of the bundle', () => {
  it.each(yamlFiles)('are known: %s', (file) => {
    bundle(parse(texts.get(file) ?? ''));
    expect(bundle.errors ?? []).toEqual([]);
  });

  it.each([
    ['databricks.yml', 'default:', 'defualt:'],
    ['databricks.yml', 'mode: production', 'mode: prodution'],
    ['resources/alerts.yml', 'evaluation:', 'condition:'],
    ['resources/alerts.yml', 'GREATER_THAN_OR_EQUAL', 'GREATER_OR_EQUAL'],
    ['resources/jobs.yml', 'depends_on:', 'depend_on:'],
    ['resources/schema.yml', 'USE_SCHEMA', 'USE SCHEMA'],
    ['resources/schema.yml', 'volume_type:', 'type:'],
    ['resources/dashboard.yml', 'file_path:', 'path:'],
  ])('are checked: in %s a typo of "%s" is found', (file, right, wrong) => {
    const text = texts.get(file) ?? '';
    expect(text).toContain(right);
    expect(bundle(parse(text.replace(right, wrong)))).toBe(false);
  });

  it('name only variables, files and tasks that are there', () => {
    const declared = Object.keys(
      (parse(texts.get('databricks.yml') ?? '') as { variables: object }).variables,
    );
    for (const text of texts.values()) {
      const used = [...text.matchAll(/\$\{var\.(\w+)\}/g)].map(([, name]) => name);
      expect(declared).toEqual(expect.arrayContaining(used));
    }
    const { jobs } = (
      parse(texts.get('resources/jobs.yml') ?? '') as {
        resources: {
          jobs: Record<string, { tasks: { task_key: string; depends_on?: { task_key: string }[] }[] }>;
        };
      }
    ).resources;
    for (const { tasks } of Object.values(jobs)) {
      for (const [index, { depends_on: needs = [] }] of tasks.entries()) {
        const before = tasks.slice(0, index).map(({ task_key: key }) => key);
        expect(before).toEqual(expect.arrayContaining(needs.map(({ task_key: key }) => key)));
      }
    }
    const paths = [...texts.values()].flatMap((text) =>
      [...text.matchAll(/(?:file_path|path): (\.\.\/\S+)/g)].map(([, path = '']) => path),
    );
    for (const path of paths) {
      for (const { name } of targets) {
        expect([path, existsSync(bundleFile(`resources/${path.replace('${bundle.target}', name)}`))]).toEqual(
          [path, true],
        );
      }
    }
  });
});

describe('the dashboard file', () => {
  it('has only known keys, and a typo in it is found', async () => {
    const validate = await compile('schema/dashboard.schema.json');
    const text = await readText('sync_monitoring.lvdash.json');
    validate(JSON.parse(text));
    expect(validate.errors ?? []).toEqual([]);
    expect(validate(JSON.parse(text.replace('"fieldName"', '"fieldname"')))).toBe(false);
  });

  it('asks in each widget for the fields that it shows, within the grid', async () => {
    const { pages, datasets } = JSON.parse(await readText('sync_monitoring.lvdash.json')) as Dashboard;
    const names = datasets.map(({ name }) => name);
    for (const { widget, position } of pages.flatMap(({ layout }) => layout)) {
      const [{ query } = { query: { datasetName: '', fields: [] } }] = widget.queries;
      const encoded = Object.values(widget.spec.encodings).flat();
      expect(names).toContain(query.datasetName);
      expect(query.fields.map(({ name }) => name)).toEqual(encoded.map(({ fieldName }) => fieldName));
      expect(position.x + position.width).toBeLessThanOrEqual(6);
    }
  });
});
