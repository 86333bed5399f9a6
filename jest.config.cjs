// One Jest, one project a runtime. Node code runs as ES modules on the TypeScript sources.
const node = (displayName, testMatch, testPathIgnorePatterns) => ({
  displayName,
  testEnvironment: 'node',
  testMatch,
  testPathIgnorePatterns,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': '<rootDir>/test/stripTypes.cjs' },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/test/tools/'],
});

module.exports = {
  testTimeout: 180_000,
  maxWorkers: 2,
  projects: [
    node('node', ['<rootDir>/test/**/*.test.ts'], ['/node_modules/', '\\.postgres\\.test\\.ts$']),
    // What only several instances on one server can show; the contract suites also run there when it is named.
    ...(process.env.TEST_DATABASE_URL
      ? [node('postgres', ['<rootDir>/test/**/*.postgres.test.ts'], ['/node_modules/'])]
      : []),
  ],
};
