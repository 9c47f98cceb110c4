// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell's own placeholders
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseBuildspec } from '../../../lib/local/assembly/buildspec';
import { executeBuildspec } from '../../../lib/local/run/execute-buildspec';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-buildspec-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function execute(
  phases: object,
  more: { exported?: string[]; environment?: Record<string, string>; timeout?: number } = {},
) {
  const spec = parseBuildspec(
    JSON.stringify({ version: '0.2', env: { 'exported-variables': more.exported ?? [] }, phases }),
  );
  return executeBuildspec({
    spec,
    directory,
    environment: { PATH: process.env.PATH as string, ...more.environment },
    timeoutSeconds: more.timeout ?? 20,
    logFile: join(directory, 'log', 'build.log'),
    onLine: () => {},
  });
}

/** A command that appends its name to a file, so that the test can see which commands ran. */
const mark = (name: string, exit = 0) => `echo ${name} >> ran; ( exit ${exit} )`;
const ranCommands = () =>
  existsSync(join(directory, 'ran')) ? readFileSync(join(directory, 'ran'), 'utf8').trim().split('\n') : [];

describe('a buildspec runs as in CodeBuild', () => {
  test('phases run in order, in one shell', async () => {
    const { exitCode, exported } = await execute(
      {
        build: { commands: ['VALUE="$VALUE build"'] },
        install: { commands: ['VALUE=install', 'cd /'] },
        pre_build: { commands: ['VALUE="$VALUE pre in $PWD"'] },
      },
      { exported: ['VALUE'] },
    );
    expect([exitCode, exported]).toEqual([0, { VALUE: 'install pre in / build' }]);
  });

  test('a phase ends at its first failing command, with its exit code', async () => {
    const { exitCode } = await execute({ build: { commands: [mark('a'), mark('b', 2), mark('c')] } });
    expect([exitCode, ranCommands()]).toEqual([2, ['a', 'b']]);
  });

  test('finally runs after a failure and after success', async () => {
    await execute({ build: { commands: [mark('a', 3)], finally: [mark('at last')] } });
    expect(ranCommands()).toEqual(['a', 'at last']);
    rmSync(join(directory, 'ran'));
    await execute({ build: { commands: [mark('a')], finally: [mark('at last')] } });
    expect(ranCommands()).toEqual(['a', 'at last']);
  });

  test('post_build runs after a failed build and sees CODEBUILD_BUILD_SUCCEEDING=0', async () => {
    const { exitCode } = await execute({
      build: { commands: [mark('build', 2)] },
      post_build: { commands: ['echo "succeeding=$CODEBUILD_BUILD_SUCCEEDING" >> ran'] },
    });
    expect([exitCode, ranCommands()]).toEqual([2, ['build', 'succeeding=0']]);
  });

  test('no other phase runs after a failed install', async () => {
    const { exitCode } = await execute({
      install: { commands: [mark('install', 4)], finally: [mark('install at last')] },
      pre_build: { commands: [mark('pre')] },
      build: { commands: [mark('build')] },
      post_build: { commands: [mark('post')] },
    });
    expect([exitCode, ranCommands()]).toEqual([4, ['install', 'install at last']]);
  });

  test('a failed post_build fails the build', async () => {
    const { exitCode } = await execute({ build: { commands: ['true'] }, post_build: { commands: [mark('post', 5)] } });
    expect(exitCode).toBe(5);
  });

  test('a command of several lines is one command', async () => {
    const { exitCode } = await execute({ build: { commands: ['if true\nthen\n  echo "a\'b" >> ran\nfi'] } });
    expect([exitCode, ranCommands()]).toEqual([0, ["a'b"]]);
  });

  test('a build has its own environment, and inherits nothing from this machine', async () => {
    process.env.SECRET_OF_THIS_MACHINE = 'x';
    try {
      const { exported } = await execute(
        { build: { commands: ['SEEN="${SECRET_OF_THIS_MACHINE-nothing} $GIVEN"'] } },
        { exported: ['SEEN'], environment: { GIVEN: '$(id) `id` "quoted"\nsecond line' } },
      );
      expect(exported.SEEN).toBe('nothing $(id) `id` "quoted"\nsecond line');
    } finally {
      delete process.env.SECRET_OF_THIS_MACHINE;
    }
  });

  test('a build is ended at its timeout, fails, and says so in its log', async () => {
    const started = Date.now();
    const { exitCode, log } = await execute({ build: { commands: ['sleep 300'] } }, { timeout: 1 });
    expect(exitCode).not.toBe(0);
    expect(log).toContain('the time limit of this CodeBuild project');
    expect(Date.now() - started).toBeLessThan(120_000);
  });

  test('a command that ignores SIGTERM is ended at the timeout', async () => {
    const { exitCode } = await execute(
      { build: { commands: ['bash -c "trap : TERM; sleep 31 & wait; wait"'] } },
      { timeout: 1 },
    );
    expect(exitCode).not.toBe(0);
  });

  test('the log contains both output streams', async () => {
    await execute({ build: { commands: ['echo out', 'echo err >&2'] } });
    expect(
      readFileSync(join(directory, 'log', 'build.log'), 'utf8')
        .split('\n')
        .sort(),
    ).toEqual(['', 'err', 'out']);
  });
});
