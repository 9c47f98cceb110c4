/** What is mutated, by the argument of `npm run test:mutation`, and the tests that must notice: those that run no other program. */
module.exports.folders = {
  verify: {
    mutate: ['lib/verify/**/*.ts'],
    tests: ['test/verify', 'test/evidence/must-fail.test.ts', 'test/evidence/altered-content.test.ts'],
  },
  gate: {
    mutate: ['lib/gate/**/*.ts'],
    tests: ['test/gate'],
  },
  release: {
    mutate: ['lib/release/*.ts'],
    tests: ['test/release'],
  },
  ledger: {
    mutate: [
      'lib/ledger/decide/*.ts',
      ...['inputs', 'layout', 'metrics-input', 'output', 'release-file'].map((name) => `lib/ledger/${name}.ts`),
    ],
    tests: [
      'test/ledger/decide',
      'test/ledger/inputs.test.ts',
      'test/ledger/layout.test.ts',
      'test/ledger/release-file.test.ts',
    ],
  },
};
