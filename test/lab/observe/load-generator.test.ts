import { expectedResponses, LoadGenerator } from '../../../lab/observe/load-generator';

/** A generator that runs the script, then writes 20 responses: a signal that follows them finds what the script has set up. */
const generator = (script: string, rate = 20) =>
  LoadGenerator.spawn({
    program: process.execPath,
    words: ['-e', `${script}; for (let i = 0; i < 20; i++) console.log(\`\${Date.now() + i} 1.5 200 1.0.0\`);`],
    rate,
    environment: process.env,
  });
const runUntilSignal = 'setInterval(() => {}, 1000); process.on("SIGTERM", () => process.exit(0))';
const waitUntil = async (condition: () => boolean) => {
  for (const deadline = Date.now() + 10_000; !condition() && Date.now() < deadline; ) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test('returns all responses when the generator stops', async () => {
  const load = generator(runUntilSignal);
  await waitUntil(() => load.responses().length === 20);
  expect((await load.stop()).responses).toHaveLength(20);
});

test('a generator that ends by itself is an error, not a partial count', async () => {
  const load = generator('process.exitCode = 64');
  await waitUntil(() => load.responses().length === 20);
  await new Promise((resolve) => setTimeout(resolve, 500));
  await expect(load.stop()).rejects.toThrow('ended by itself (exit code 64) after 20 responses');
});

test('a missing generator is an error', async () => {
  const load = LoadGenerator.spawn({
    program: '/nowhere/load',
    words: [],
    rate: 200,
    environment: process.env,
  });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await expect(load.stop()).rejects.toThrow('could not be started');
});

test.each([
  ['a short load', 200, 5.25, 990],
  ['a long load', 200, 100.25, 19_800],
  ['a load that has just started', 200, 0.1, 0],
])('expects responses to 99 %% of the requests: %s', (_, rate, seconds, expected) => {
  expect(expectedResponses(rate, seconds)).toBe(expected);
});
