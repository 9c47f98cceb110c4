import { expectedAnswers, Load } from '../../../lab/observe/load-generator';

/** A generator that writes 20 answers and then does as the script says. */
const generator = (then: string, rate = 20) =>
  Load.of(
    process.execPath,
    ['-e', `for (let i = 0; i < 20; i++) console.log(\`\${Date.now() + i} 1.5 200 1.0.0\`); ${then}`],
    rate,
    process.env,
  );
const lives = 'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0));';
const until = async (condition: () => boolean) => {
  for (const deadline = Date.now() + 10_000; !condition() && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test('all answers are there once the generator has ended as it was asked to', async () => {
  const load = generator(lives);
  await until(() => load.answers().length === 20);
  expect((await load.stop()).answers).toHaveLength(20);
});

test('a generator that ends by itself is an error, and not a count of what it had until then', async () => {
  const load = generator('process.exitCode = 64');
  await until(() => load.answers().length === 20);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await expect(load.stop()).rejects.toThrow('ended by itself (exit code 64) after 20 answers');
});

test('a generator that is not there is an error', async () => {
  const load = Load.of('/nowhere/load', [], 200, process.env);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(load.stop()).rejects.toThrow('could not be started');
});

test.each([
  ['a short one', 200, 5.25, 990],
  ['a long one', 200, 100.25, 19_800],
  ['one that only began', 200, 0.1, 0],
])('a load has to bring 99 %% of its questions: %s', (_, rate, seconds, expected) => {
  expect(expectedAnswers(rate, seconds)).toBe(expected);
});
