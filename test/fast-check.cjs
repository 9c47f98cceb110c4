// fast-check with one seed, so that a run finds what the run before found. FC_SEED=<number> takes another, FC_SEED=random a new one for every
// property; a failure says its seed, and goes on from there by FC_SEED. jest.config.cjs puts this in the place of the package.
const fc = require('../node_modules/fast-check/lib/cjs/fast-check.js');

const { FC_SEED: seed = '20260101' } = process.env;
if (seed !== 'random') {
  if (!/^-?\d+$/.test(seed)) {
    throw new Error(`FC_SEED is ${JSON.stringify(seed)}: a whole number, or random`);
  }
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(seed) });
}

module.exports = fc;
