import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import fc from 'fast-check';
import { renderBuildspec } from '../../../lib/pipeline';
import { createBundle, createProgramBundle, filesBelow, folderHash } from '../../../lib/pipeline/assets/bundle';
import { pullRequestCommands, stepCommands } from '../../../lib/pipeline/release-plan/step-commands';
import { resourcesOf, synthesize } from '../synthesize';
import { hostile } from './generated-commands';

const root = join(__dirname, '../../..');
const commandsOf = (build: Parameters<typeof renderBuildspec>[0]) =>
  (renderBuildspec(build).phases as { build: { commands: readonly string[] } }).build.commands;
const [check = '', catalogCheck = ''] = commandsOf({
  commands: [
    { verifyFolder: { folder: 'CODEBUILD_SRC_DIR_Bowline', sha256: 'BOWLINE_BUNDLE_SHA256' } },
    { verifyFolder: { folder: 'CODEBUILD_SRC_DIR_Catalog', sha256: 'BOWLINE_CATALOG_SHA256' } },
  ],
  exports: [],
});

const program = join(root, 'test/pipeline/testdata/program');
/** Files in several folders. */
const programWithCatalog = new Map(
  [program, join(root, 'catalog')].flatMap((folder) =>
    filesBelow(folder).map((file) => [
      folder === program ? relative(program, file) : relative(root, file),
      readFileSync(file),
    ]),
  ),
);

/** Runs the check as CodeBuild does, and then a program that only runs if the check passed. */
function runCheck(folder: string | undefined, sha256: string | undefined) {
  const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', `${check} || exit 1\necho ran`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      // The order of paths must not depend on it.
      LC_ALL: 'C.UTF-8',
      ...(folder === undefined ? {} : { CODEBUILD_SRC_DIR_Bowline: folder }),
      ...(sha256 === undefined ? {} : { BOWLINE_BUNDLE_SHA256: sha256 }),
    },
  });
  return { passed: status === 0 && stdout === 'ran\n', stdout, stderr };
}

describe('the bundle', () => {
  let scratch: string;
  let folder: string;
  let hash: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'bowline-bundle-'));
    const bundle = createBundle('bundle', programWithCatalog);
    hash = bundle.hash;
    folder = join(scratch, 'bundle');
    cpSync(bundle.path, folder, { recursive: true });
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  test('that the pipeline was deployed with passes', () => {
    expect(runCheck(folder, hash)).toMatchObject({ passed: true, stderr: '' });
  });

  test.each<[string, () => void]>([
    ['another program', () => writeFileSync(join(folder, 'bowline.mjs'), 'process.exit(0)')],
    ['one more byte in the program', () => appendFileSync(join(folder, 'bowline.mjs'), '\n')],
    ['another catalog', () => appendFileSync(join(folder, 'catalog/platform.yaml'), '# x\n')],
    ['another accepted risk', () => writeFileSync(join(folder, 'catalog/accepted-risks.yaml'), 'risks: []\n')],
    [
      'another public key',
      () => {
        mkdirSync(join(folder, 'catalog/keys'), { recursive: true });
        writeFileSync(join(folder, 'catalog/keys/production.pub'), 'x');
      },
    ],
    ['a file more', () => writeFileSync(join(folder, 'package.json'), '{}')],
    ['a hidden file more', () => writeFileSync(join(folder, '.npmrc'), '')],
    ['a symbolic link more', () => symlinkSync('/etc/passwd', join(folder, 'link'))],
    ['a dangling symbolic link', () => symlinkSync('/nowhere', join(folder, 'link'))],
    ['a file less', () => unlinkSync(join(folder, 'catalog/services/hello.yaml'))],
    [
      'a renamed file',
      () => renameSync(join(folder, 'catalog/services/hello.yaml'), join(folder, 'catalog/services/other.yaml')),
    ],
    [
      'two files exchanged',
      () => {
        renameSync(join(folder, 'catalog/platform.yaml'), join(folder, 'x'));
        renameSync(join(folder, 'catalog/services/hello.yaml'), join(folder, 'catalog/platform.yaml'));
        renameSync(join(folder, 'x'), join(folder, 'catalog/services/hello.yaml'));
      },
    ],
    [
      'a program that is a symbolic link to the same content',
      () => {
        renameSync(join(folder, 'bowline.mjs'), join(folder, 'moved.mjs'));
        symlinkSync('moved.mjs', join(folder, 'bowline.mjs'));
      },
    ],
    [
      'nothing',
      () => {
        rmSync(folder, { recursive: true });
        mkdirSync(folder);
      },
    ],
    ['no folder', () => rmSync(folder, { recursive: true })],
  ])('with %s is not run, and the log says why', (_, change) => {
    change();
    const { passed, stdout, stderr } = runCheck(folder, hash);
    expect({ passed, stdout }).toEqual({ passed: false, stdout: '' });
    expect(stderr).toContain('are not those that the pipeline was deployed with');
  });

  test.each([undefined, '', 'x', '0'.repeat(64), ' '])('is not run if the action has the hash %j', (sha256) => {
    expect(runCheck(folder, sha256).passed).toBe(false);
    expect(runCheck('/nowhere', sha256).passed).toBe(false);
    expect(runCheck(undefined, sha256).passed).toBe(false);
  });

  test.each(hostile.filter((name) => !name.includes('/') && name !== '.'))('is found in a folder named %j', (name) => {
    const moved = join(scratch, name);
    renameSync(folder, moved);
    expect(runCheck(moved, hash).passed).toBe(true);
  });

  test('has the same hash by Node.js and by the shell, whatever its files are called', () => {
    const name = fc.stringMatching(/^[A-Za-z0-9 ._@$'"`*-]{1,12}$/).filter((text) => !/^\.{1,2}$/.test(text));
    fc.assert(
      fc.property(fc.dictionary(name, fc.uint8Array({ maxLength: 20 }), { maxKeys: 6 }), (files) => {
        const each = mkdtempSync(join(scratch, 'each-'));
        const contents = new Map(Object.entries(files).map(([file, bytes]) => [`sub/${file}`, bytes]));
        mkdirSync(join(each, 'sub'));
        for (const [file, bytes] of contents) {
          writeFileSync(join(each, file), bytes);
        }
        expect(runCheck(each, folderHash(contents)).passed).toBe(contents.size > 0);
      }),
      { numRuns: 40 },
    );
  });
});

test('every step verifies the bundle before it runs anything of it', () => {
  for (const build of [...Object.values(stepCommands), pullRequestCommands]) {
    const commands = commandsOf(build);
    const first = commands.findIndex((command) => command.includes('bowline.mjs'));
    for (const each of [check, catalogCheck]) {
      expect(commands.indexOf(each)).toBeGreaterThanOrEqual(0);
      expect(commands.indexOf(each)).toBeLessThan(first);
    }
    expect(commands.slice(0, commands.indexOf(check)).join()).not.toMatch(/Bowline|Catalog/);
  }
});

test('every action of a pipeline has the hashes of program and catalog, as text', () => {
  interface Action {
    readonly ActionTypeId: { readonly Provider: string };
    readonly Configuration: { readonly EnvironmentVariables?: string };
  }
  const bundle = createProgramBundle(program);
  const pipelines = resourcesOf(synthesize(), 'AWS::CodePipeline::Pipeline');
  expect(pipelines.length).toBeGreaterThan(0);
  for (const { Properties } of pipelines) {
    const actions = (Properties.Stages as readonly { Actions: readonly Action[] }[]).flatMap(({ Actions }) => Actions);
    const builds = actions.filter(({ ActionTypeId }) => ActionTypeId.Provider === 'CodeBuild');
    expect(builds.length).toBeGreaterThanOrEqual(Properties.Name === 'acme.rescan' ? 2 : 6);
    for (const { Configuration } of builds) {
      expect(JSON.parse(Configuration.EnvironmentVariables ?? '[]')).toContainEqual({
        name: 'BOWLINE_BUNDLE_SHA256',
        type: 'PLAINTEXT',
        value: bundle.hash,
      });
      expect(JSON.parse(Configuration.EnvironmentVariables ?? '[]')).toContainEqual({
        name: 'BOWLINE_CATALOG_SHA256',
        type: 'PLAINTEXT',
        value: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    }
  }
});
