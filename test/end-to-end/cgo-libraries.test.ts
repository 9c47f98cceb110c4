import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '../../lib/pipeline/names';
import { run } from '../../lib/process';
import { build, silentReporter } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import { branchRef, commitSha } from '../../lib/values';
import { openBench, stateOf } from './bench';
import { describeService, openWorkbench, type Workbench } from './workbench';

// The first test builds the base images.
jest.setTimeout(900_000);

let workbench: Workbench;
let directory: string;
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'bowline-cgo-'));
  workbench = await openWorkbench(stateOf('cgo-libraries'));
});
afterAll(async () => {
  await workbench?.close();
  rmSync(directory, { recursive: true, force: true });
});

const skip = 'start: { skip: the program prints one line and ends }';

/** Builds a program of one package. @returns the error, and the tags of the images that were pushed */
async function buildProgram(name: string, files: Readonly<Record<string, string>>, fields = skip, flags = '') {
  const source = join(directory, `${name}-source`);
  mkdirSync(source);
  for (const [file, text] of Object.entries({ 'go.mod': `module example.com/${name}\n\ngo 1.24\n`, ...files })) {
    writeFileSync(join(source, file), text);
  }
  const serviceFile = join(directory, `${name}.yaml`);
  writeFileSync(
    serviceFile,
    `version: 1\nname: ${name}\nteam: a\nsource: { repository: acme/${name} }\nbuild: { cgo: true${flags} }\n${fields}\n`,
  );
  const bench = openBench(source, serviceFile, workbench.services.stateDirectory);
  try {
    const { catalog, service } = await describeService(workbench, bench, ['builderCgo', 'glibc', 'static']);
    const repository = serviceNames(catalog.platform, name).imageRepository;
    const result = await build({
      platform: catalog.platform,
      service,
      source: bench.source,
      commit: commitSha('a'.repeat(40)),
      ref: branchRef('main'),
      repository,
      buildkit: workbench.services.buildkit,
      hostNetwork: true,
      binariesDirectory: join(bench.directory, 'binaries'),
      reporter: silentReporter,
    }).then(
      (release) => ({ release }),
      (error: unknown) => ({ error }),
    );
    const listed = await run({
      program: toolPath('crane'),
      arguments: ['--insecure', 'ls', repository],
      timeoutSeconds: 30,
    });
    return { ...result, tags: listed.exitCode === 0 ? listed.stdout.trim() : '' };
  } finally {
    bench.dispose();
  }
}

const cPlusPlus = {
  'main.go': 'package main\n\n// int answer();\nimport "C"\n\nfunc main() { println(C.answer()) }\n',
  'answer.cc': '#include <string>\nextern "C" int answer() { return std::string(42, \'x\').size(); }\n',
};

test.each([
  ['without', 'starts', ''],
  ['with', 'skips', skip],
])(
  'a C++ library that the base lacks rejects the image before it is pushed, %s start.skip',
  async (_, name, fields) => {
    const { error, tags } = (await buildProgram(name, cPlusPlus, fields)) as { error?: unknown; tags: string };
    expect(error).toMatchObject({
      code: 'program-unstartable',
      exitCode: 2,
      message: expect.stringMatching(
        /shared libraries that the image does not have \(libstdc\+\+\.so\.6\).*bases\.glibc/,
      ),
    });
    expect(tags).toBe('');
  },
);

test('the same program, linked statically as the error says, is built and pushed', async () => {
  const flags = ', linkFlags: [-linkmode=external, -extldflags=-static]';
  expect(await buildProgram('linked', cPlusPlus, skip, flags)).toMatchObject({
    release: { stage: 'built', service: 'linked' },
    tags: expect.stringContaining('aaaaaaaaaaaa'),
  });
});

test.each([
  [
    'a header',
    'header',
    { 'main.go': 'package main\n\n// #include <webp/decode.h>\nimport "C"\n\nfunc main() {}\n' },
    'the builder image has no header webp/decode.h',
  ],
  [
    'a library that pkg-config is asked for',
    'package',
    { 'main.go': 'package main\n\n// #cgo pkg-config: libwebp\nimport "C"\n\nfunc main() {}\n' },
    'the builder image has no library libwebp',
  ],
  [
    'a library that the linker is asked for',
    'linker',
    {
      'main.go':
        'package main\n\n// #cgo LDFLAGS: -lwebp\n// int twice(int x) { return 2 * x; }\nimport "C"\n\nfunc main() { println(C.twice(21)) }\n',
    },
    'the builder image has no library webp',
  ],
])('a builder without %s is to blame, not the source', async (_, name, files, message) => {
  const { error } = (await buildProgram(name, files)) as { error?: unknown };
  expect(error).toMatchObject({ code: 'builder-lacks', exitCode: 3, message: expect.stringContaining(message) });
  expect(String(error)).toContain('bases.builderCgo in platform.yaml');
});
