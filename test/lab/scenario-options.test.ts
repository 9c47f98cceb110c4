import { type ScenarioOptions, scenarioProgram } from '../../lab/scenario-options';

/** Parses a command line of lab:test. */
async function parse(...words: readonly string[]) {
  let parsed: ScenarioOptions | undefined;
  const program = scenarioProgram(async (options) => {
    parsed = options;
  });
  program.exitOverride().configureOutput({ writeErr: () => {} });
  await program.parseAsync(words, { from: 'user' });
  return { numbers: parsed?.scenarios.map(({ number }) => number), down: parsed?.down };
}

test.each([
  ['all scenarios', [], { numbers: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], down: false }],
  ['a selection, in its order', ['--scenario', '3,2'], { numbers: [3, 2], down: false }],
  ['a public service, by its number only', ['--scenario', '11,12'], { numbers: [11, 12], down: false }],
  ['a selection several times', ['--scenario', '3', '--times', '3', '--down'], { numbers: [3, 3, 3], down: true }],
])('runs %s', async (_, words, expected) => {
  expect(await parse(...words)).toEqual(expected);
});

test.each([
  ['an unknown scenario', ['--scenario', '2,99'], 'There is no scenario 99. Expected numbers from 1 to 12.'],
  ['a count that is too small', ['--times', '0'], 'Expected a whole number from 1 to 20.'],
  ['a count that is not a number', ['--times', 'three'], 'Expected a whole number from 1 to 20.'],
  ['a missing count', ['--times'], 'argument missing'],
  ['an unknown option', ['--tear-down'], "unknown option '--tear-down'"],
])('rejects %s', async (_, words, message) => {
  await expect(parse(...words)).rejects.toThrow(message);
});
