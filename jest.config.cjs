// One Jest. Node code runs as ES modules on the TypeScript sources. What meets the operational store runs twice: in the
// project `node` on the embedded one, in `postgres` on a server, which test/postgres starts unless TEST_DATABASE_URL
// names one. A test of one store alone says so in its name: *.embedded.test.ts, *.postgres.test.ts. The Lightning
// components run in the project `lwc`, with Salesforce's own preset.
const { globSync, readFileSync } = require('node:fs');
const { join } = require('node:path');
const { jestConfig: lwcPreset } = require('@salesforce/sfdx-lwc-jest/config');

const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/stripTypes.cjs' },
  setupFiles: ['<rootDir>/test/plainOutput.cjs'],
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/lib/', '<rootDir>/test/tools/[^/]+/node_modules/'],
};

/** A test meets the store through one of these; so no list of tests can forget one. */
const storeFixture = /\/(?:engine|storeLocations)\.ts'/;
const isPackage = (file) => file.endsWith('node_modules');
const storeTests = globSync('test/**/*.test.ts', { cwd: __dirname, exclude: isPackage }).filter(
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
    {
      ...lwcPreset,
      displayName: 'lwc',
      rootDir: __dirname,
      roots: ['<rootDir>/force-app'],
      moduleNameMapper: { '^lightning/empApi$': '<rootDir>/force-app/test/jest-mocks/lightning/empApi' },
      setupFilesAfterEnv: [...lwcPreset.setupFilesAfterEnv, '<rootDir>/force-app/test/jest-setup.cjs'],
    },
  ],
};
