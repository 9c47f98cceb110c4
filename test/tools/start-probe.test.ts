import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findStartReport, parseStartReport } from '../../lib/image/start';
import { mustRun, run } from '../../lib/process';
import { toolPath } from '../../lib/tools';

jest.setTimeout(900_000);

test('the probe program passes its own tests', async () => {
  await mustRun({
    program: 'go',
    arguments: ['test', './...'],
    directory: join(__dirname, '..', '..', 'tools', 'go', 'start-probe'),
    environment: { CGO_ENABLED: '0', GOFLAGS: '-mod=readonly', GOWORK: 'off' },
    timeoutSeconds: 230,
  });
});

describe('the check of a program that is not started', () => {
  let scratch: string;
  let root: string;
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'bowline-probe-'));
    writeFileSync(join(scratch, 'plan.json'), '{"command": ["/app/program"]}');
    // Two versions of one library: programs need the symbol version ANSWER_2, which only the newer one defines.
    writeFileSync(join(scratch, 'answer.c'), 'int answer(void) { return 42; }\n');
    writeFileSync(join(scratch, 'main.c'), 'int answer(void); int main(void) { return answer(); }\n');
    for (const version of ['ANSWER_1', 'ANSWER_2']) {
      writeFileSync(join(scratch, `${version}.map`), `${version} { global: answer; local: *; };\n`);
      mkdirSync(join(scratch, version));
      const library = join(scratch, version, 'libanswer.so.1');
      await compile(
        '-shared',
        '-fPIC',
        '-Wl,-soname,libanswer.so.1',
        `-Wl,--version-script=${version}.map`,
        '-o',
        library,
        'answer.c',
      );
    }
    await compile('-o', 'program', 'main.c', join(scratch, 'ANSWER_2', 'libanswer.so.1'));
  });
  const compile = (...words: string[]) =>
    mustRun({ program: 'gcc', arguments: words, directory: scratch, timeoutSeconds: 60 });
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));
  beforeEach(() => {
    root = mkdtempSync(join(scratch, 'root-'));
    add('app/program', join(scratch, 'program'));
  });

  function add(path: string, from: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    copyFileSync(from, join(root, path));
  }

  async function check() {
    const result = mkdtempSync(join(scratch, 'result-'));
    const { exitCode, stdout } = await run({
      program: toolPath('start-probe'),
      arguments: ['check', root, join(scratch, 'plan.json'), result],
      timeoutSeconds: 30,
    });
    const report =
      exitCode === 0
        ? parseStartReport(readFileSync(join(result, 'report.json'), 'utf8'))
        : findStartReport(stdout.split('\n'));
    return { exitCode, ...report?.program };
  }

  const loader = () =>
    readFileSync(join(scratch, 'program'))
      .toString('latin1')
      .match(/\/lib\S*\/ld-linux[^\0]*/)?.[0] as string;

  test('names the loader that is missing', async () => {
    expect(await check()).toMatchObject({ exitCode: 3, problem: 'no-loader', missing: [loader()] });
  });

  test('names the libraries that are missing', async () => {
    add(loader(), loader());
    expect(await check()).toMatchObject({
      exitCode: 3,
      problem: 'missing-library',
      missing: ['libanswer.so.1', 'libc.so.6'],
    });
  });

  const addLibc = async () => {
    add(loader(), loader());
    const { stdout } = await mustRun({ program: 'gcc', arguments: ['-print-file-name=libc.so.6'], timeoutSeconds: 30 });
    add('usr/lib/x86_64-linux-gnu/libc.so.6', stdout.trim());
  };

  test('names the version that a library lacks', async () => {
    await addLibc();
    add('usr/lib/libanswer.so.1', join(scratch, 'ANSWER_1', 'libanswer.so.1'));
    expect(await check()).toMatchObject({
      exitCode: 3,
      problem: 'old-library',
      missing: ['ANSWER_2 of libanswer.so.1'],
    });
  });

  test('finds libraries through links of the image, and not those of this machine', async () => {
    await addLibc();
    add('opt/libanswer.so.1.2', join(scratch, 'ANSWER_2', 'libanswer.so.1'));
    symlinkSync('/opt/libanswer.so.1.2', join(root, 'usr/lib/libanswer.so.1'));
    expect(await check()).toMatchObject({ exitCode: 0, libraries: ['libanswer.so.1', 'libc.so.6'] });
  });

  test.each([
    ['is absent', () => rmSync(join(root, 'app/program')), 'not-found'],
    ['cannot be executed', () => chmodSync(join(root, 'app/program'), 0o644), 'not-executable'],
    ['is a script', () => writeFileSync(join(root, 'app/program'), '#!/bin/sh\n'), 'not-a-program'],
    ['is an object file', () => add('app/program', join(scratch, 'main.o')), 'not-a-program'],
  ])('says that the program %s', async (_, change, problem) => {
    await compile('-c', '-o', 'main.o', 'main.c');
    chmodSync(join(scratch, 'main.o'), 0o755);
    change();
    expect(await check()).toMatchObject({ exitCode: 3, problem });
  });
});
