import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseBuildspec } from '../../../lib/local/assembly/buildspec';
import { renderBuildspec, shellCommand, variable } from '../../../lib/pipeline';
import { pullRequestCommands, stepCommands } from '../../../lib/pipeline/release-plan/step-commands';
import { toolPath } from '../../../lib/tools';
import { resourcesOf, synthesize } from '../synthesize';
import { hostile, runGenerated } from './generated-commands';

/** Any valid literal: one line without NUL. */
const literal = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.string(), fc.constantFrom(...hostile))
  .filter((text) => !/[\0\n]/.test(text));

describe('a command', () => {
  test.each(hostile)('passes a variable with the value %j as one argument', (value) => {
    const { calls } = runGenerated([shellCommand(['node', variable('VALUE'), variable('VALUE', 'bowline.mjs')])], {
      VALUE: value,
    });
    expect(calls).toEqual([['node', value, `${value}/bowline.mjs`]]);
  });

  test('passes every literal unchanged', () => {
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 6 }), (literals) => {
        const { calls } = runGenerated([shellCommand(['node', ...literals, 'end'])], {});
        expect(calls).toEqual([['node', ...literals, 'end']]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['a\nb', 'a\0b'])('refuses the literal %j', (text) => {
    expect(() => shellCommand([text])).toThrow('one line');
  });

  test.each(['1A', 'A-B', 'A}', '', 'A B', '$(id)'])('refuses the variable name %j', (name) => {
    expect(() => shellCommand([variable(name)])).toThrow('a variable name');
  });

  test.each(['a b', '$(id)', '"', '`'])('refuses the path %j after a variable', (path) => {
    expect(() => shellCommand([variable('A', path)])).toThrow('must need no quotes');
  });
});

describe('a buildspec', () => {
  const specs = Object.entries({ ...stepCommands, 'pull-request': pullRequestCommands }).map(([step, build]) => ({
    step,
    exports: build.commands
      .flatMap((command) => ('loadExport' in command ? [command.loadExport] : []))
      .concat(build.exports),
    commands: parse(renderBuildspec(build)).phases.build?.commands ?? [],
    // The bundle of these tests is a name. Its verification is tested with folders: bundle-check.test.ts.
    unverified:
      parse(renderBuildspec({ ...build, commands: build.commands.filter((command) => !('verifyFolder' in command)) }))
        .phases.build?.commands ?? [],
  }));

  /** Any value of an environment variable: text without NUL. */
  const value = fc
    .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...hostile, '\n', '\r', ' ')), { maxLength: 4 })
    .map((pieces) => pieces.join(''))
    .filter((text) => !text.includes('\0'));

  /** Runs a buildspec with a different value in every variable that it reads. @returns the calls, and the expected ones */
  const runWith = (
    { step, exports, unverified }: (typeof specs)[number],
    [source, bundle, catalog, built, commit]: readonly [string, string, string, string, string],
    exported: string,
  ) => {
    const ran = runGenerated(
      unverified,
      {
        CODEBUILD_SRC_DIR: source,
        CODEBUILD_SRC_DIR_Bowline: bundle,
        CODEBUILD_SRC_DIR_Catalog: catalog,
        CODEBUILD_SRC_DIR_Built: built,
        CODEBUILD_RESOLVED_SOURCE_VERSION: commit,
      },
      ['RECORD_SHA256'],
      (work) => {
        mkdirSync(join(work, '.bowline', 'exports'), { recursive: true });
        for (const name of exports) {
          writeFileSync(join(work, '.bowline', 'exports', name), `${exported}\n`);
        }
      },
    );
    const bowline = (name: string, options: readonly string[], out = '.bowline/release') => [
      'node',
      `${bundle}/bowline.mjs`,
      name,
      '--catalog',
      catalog,
      '--out',
      out,
      ...options,
    ];
    const inputOption = { build: '--source', scan: '--source', sign: '--release', promote: '--release' } as const;
    const expected =
      step === 'pull-request'
        ? [
            bowline('build', ['--source', source, '--commit', commit]),
            bowline(
              'scan',
              ['--source', source, '--release', '.bowline/release', '--record-sha256', exported],
              '.bowline/scanned',
            ),
          ]
        : [
            bowline(step, [
              inputOption[step as keyof typeof inputOption],
              source,
              ...(step === 'scan' ? ['--release', built] : []),
            ]),
          ];
    return { ...ran, expected: [['rm', '-rf', '--', '.bowline'], ...expected] };
  };

  test.each(specs)('of $step passes every hostile value as one argument', (spec) => {
    for (const text of hostile) {
      const { calls, expected, exitCode, variables } = runWith(spec, [text, text, text, text, text], 'x \\ $(id)');
      expect(calls).toEqual(expected);
      expect(exitCode).toBe(0);
      expect(variables.RECORD_SHA256).toBe('x \\ $(id)');
    }
  });

  test.each(specs)('of $step passes any value as one argument', (spec) => {
    fc.assert(
      fc.property(fc.tuple(value, value, value, value, value), (values) => {
        const { calls, expected, exitCode } = runWith(spec, values, 'sha256:abc');
        expect(calls).toEqual(expected);
        expect(exitCode).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test('fails if a step exported nothing', () => {
    const { exitCode } = runGenerated(specs[0]?.unverified ?? [], {
      CODEBUILD_SRC_DIR: '.',
      CODEBUILD_SRC_DIR_Bowline: '.',
      CODEBUILD_SRC_DIR_Catalog: '.',
    });
    expect(exitCode).not.toBe(0);
  });

  test('contains no text of the catalog or of a contributor', () => {
    const sources = resourcesOf(synthesize(), 'AWS::CodeBuild::Project').map(({ Properties }) =>
      JSON.stringify(Properties.Source),
    );
    for (const text of sources) {
      expect(text).not.toMatch(/hello|acme|#\{|github|main"/);
    }
  });

  test('is inline, has version 0.2 and runs in one bash, in every project', () => {
    const projects = resourcesOf(synthesize(), 'AWS::CodeBuild::Project');
    expect(projects.map(({ Properties }) => (Properties.Source as { Type: string }).Type).sort()).toEqual([
      'CODEPIPELINE',
      'CODEPIPELINE',
      'CODEPIPELINE',
      'CODEPIPELINE',
      'CODEPIPELINE',
      'CODEPIPELINE',
      // The toolbox, whose build context is an asset.
      'S3',
    ]);
    for (const { Properties } of projects) {
      const { BuildSpec } = Properties.Source as { BuildSpec: string };
      expect(parseBuildspec(BuildSpec)).toMatchObject({ version: '0.2', env: { shell: 'bash' } });
    }
  });

  test('passes shellcheck, per command and as a whole', () => {
    const directory = mkdtempSync(join(tmpdir(), 'bowline-shellcheck-'));
    try {
      const files = specs.flatMap(({ step, commands }) =>
        [...commands.filter((text) => !text.startsWith('read ')), commands.join('\n')].map((text, index) => {
          const file = join(directory, `${step}-${index}.sh`);
          writeFileSync(file, `#!/bin/bash\n${text}\n`);
          return file;
        }),
      );
      // CodeBuild sets variables that the script does not assign (SC2154).
      expect(() =>
        execFileSync(toolPath('shellcheck'), ['--exclude=SC2154', ...files], { encoding: 'utf8' }),
      ).not.toThrow();
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

function parse(spec: Record<string, unknown>) {
  return parseBuildspec(JSON.stringify(spec));
}
