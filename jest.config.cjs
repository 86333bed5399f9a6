// One Jest. Node code runs as ES modules on the TypeScript sources. What meets the operational store runs twice: in the
// project `node` on the embedded one, in `postgres` on a server, which test/postgres starts unless TEST_DATABASE_URL
// names one. A test of one store alone says so in its name: *.embedded.test.ts, *.postgres.test.ts.
const { globSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/stripTypes.cjs' },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/test/tools/'],
};

/** A test meets the store through one of these; so no list of tests can forget one. */
const storeFixture = /\/(?:engine|storeLocations)\.ts'/;
const storeTests = globSync('test/**/*.test.ts', { cwd: __dirname }).filter(
  (file) =>
    file.endsWith('.postgres.test.ts') ||
    (!file.endsWith('.embedded.test.ts') && storeFixture.test(readFileSync(join(__dirname, file), 'utf8'))),
);

module.exports = {
  testTimeout: 180_000,
  maxWorkers: 2,
  projects: [
    {
      ...shared,
      displayName: 'node',
      testMatch: ['<rootDir>/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.postgres\\.test\\.ts$'],
    },
    {
      ...shared,
      displayName: 'postgres',
      testMatch: storeTests.map((file) => `<rootDir>/${file}`),
      globals: { isStoreOnServer: true },
      globalSetup: '<rootDir>/test/postgres/setup.ts',
      globalTeardown: '<rootDir>/test/postgres/teardown.ts',
    },
  ],
};
