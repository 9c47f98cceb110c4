module.exports = {
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  moduleNameMapper: { '^fast-check$': '<rootDir>/test/fast-check.cjs' },
  setupFiles: ['<rootDir>/test/setup.cjs'],
  testPathIgnorePatterns: ['/node_modules/', '/cdk.out/', '/dist/', '<rootDir>/test/deployed/'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/cdk.out'],
  maxWorkers: 2,
  // Ten times what the slowest test takes on a quiet machine: no test may fail by load alone.
  testTimeout: 300_000,
};
