import { mustRun, run } from '../../lib/process';

const node = (script: string, more: object = {}) => ({
  program: process.execPath,
  arguments: ['-e', script],
  timeoutSeconds: 20,
  ...more,
});

test('arguments are passed unchanged, without a shell', async () => {
  const values = ['$HOME', '; exit 3', '`id`', 'a b', "it's", '*'];
  const { stdout } = await mustRun({
    program: process.execPath,
    arguments: ['-e', 'console.log(JSON.stringify(process.argv.slice(1)))', ...values],
    timeoutSeconds: 20,
  });
  expect(JSON.parse(stdout)).toEqual(values);
});

test('the environment is extended, and undefined removes a variable', async () => {
  process.env.BOWLINE_TEST_KEPT = 'kept';
  process.env.BOWLINE_TEST_GONE = 'present';
  try {
    const script =
      'console.log([process.env.BOWLINE_TEST_KEPT, process.env.BOWLINE_TEST_GONE, process.env.BOWLINE_TEST_NEW])';
    const { stdout } = await mustRun(
      node(script, { environment: { BOWLINE_TEST_GONE: undefined, BOWLINE_TEST_NEW: 'new' } }),
    );
    expect(stdout.trim()).toBe("[ 'kept', undefined, 'new' ]");
  } finally {
    delete process.env.BOWLINE_TEST_KEPT;
    delete process.env.BOWLINE_TEST_GONE;
  }
});

test('a failure is an outcome, even if the program does not exist', async () => {
  expect(await run(node('console.error("no"); process.exit(7)'))).toMatchObject({ exitCode: 7, stderr: 'no\n' });
  const outcome = await run({ program: '/nowhere/at-all', arguments: [], timeoutSeconds: 20 });
  expect(outcome).toMatchObject({ exitCode: -1, timedOut: false });
  expect(outcome.stderr).toContain('ENOENT');
});

test('a failure contains the program, its exit code and its last lines of output', async () => {
  const script = 'for (let i = 1; i <= 20; i++) console.error("line " + i); process.exit(4)';
  const failure = mustRun(node(script));
  await expect(failure).rejects.toThrow(/^node ended with exit code 4:\n {2}line 9\n/);
  await expect(failure).rejects.toThrow(/line 20$/);
});

test('a program that times out is stopped with its descendants', async () => {
  const child = 'setInterval(() => {}, 1000)';
  const script = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(child)}], { stdio: 'inherit' }); ${child}`;
  const outcome = await run(node(script, { timeoutSeconds: 1 }));
  expect(outcome.timedOut).toBe(true);
  // The child inherits our pipes: there is no outcome while it runs.
  expect(outcome.seconds).toBeLessThan(60);
  await expect(mustRun(node(child, { timeoutSeconds: 1 }))).rejects.toThrow(/^node did not finish within 1 s/);
});

test('a program that does not read its input is judged by its exit code', async () => {
  expect(await run(node('process.exit(0)', { input: 'x'.repeat(1_000_000) }))).toMatchObject({ exitCode: 0 });
});

test('progress is reported in complete lines, even if the last line has no newline', async () => {
  const lines: string[] = [];
  const script = 'process.stderr.write("one\\ntw"); setTimeout(() => process.stderr.write("o\\nthree"), 50)';
  await mustRun(node(script, { onProgress: (line: string) => lines.push(line) }));
  expect(lines).toEqual(['one', 'two', 'three']);
});
