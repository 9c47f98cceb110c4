// What needs a local AWS that stacks are deployed to: `npm run aws:test`. Minutes, not seconds, so it is no part of the ordinary suite.
const ordinary = require('./jest.config.cjs');

module.exports = {
  ...ordinary,
  testMatch: ['<rootDir>/test/deployed/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
