import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { parseBuildspec } from '../../../lib/local/assembly/buildspec';
import { buildspec, command, variable } from '../../../lib/pipeline';
import { pullRequestCommands, stepCommands } from '../../../lib/pipeline/release-plan/step-commands';
import { toolPath } from '../../../lib/tools';
import { resourcesOf, synthesize } from '../synthesize';
import { hostile, runGenerated } from './generated-commands';

/** One line without NUL: what a literal may be. */
const literal = fc
  .oneof(fc.string({ unit: 'grapheme' }), fc.string(), fc.constantFrom(...hostile))
  .filter((text) => !/[\0\n]/.test(text));

describe('a command', () => {
  test.each(hostile)('hands a variable that holds %j on as one word', (value) => {
    const { calls } = runGenerated([command(['node', variable('VALUE'), variable('VALUE', 'bowline.mjs')])], {
      VALUE: value,
    });
    expect(calls).toEqual([['node', value, `${value}/bowline.mjs`]]);
  });

  test('hands every literal on unchanged', () => {
    fc.assert(
      fc.property(fc.array(literal, { maxLength: 6 }), (words) => {
        const { calls } = runGenerated([command(['node', ...words, 'end'])], {});
        expect(calls).toEqual([['node', ...words, 'end']]);
      }),
      { numRuns: 60 },
    );
  });

  test.each(['a\nb', 'a\0b'])('refuses the literal %j', (word) => {
    expect(() => command([word])).toThrow('one line');
  });

  test.each(['1A', 'A-B', 'A}', '', 'A B', '$(id)'])('refuses the variable name %j', (name) => {
    expect(() => command([variable(name)])).toThrow("a variable's name");
  });

  test.each(['a b', '$(id)', '"', '`'])('refuses the path %j behind a variable', (path) => {
    expect(() => command([variable('A', path)])).toThrow('plain');
  });
});

describe('a buildspec', () => {
  const specs = Object.entries({ ...stepCommands, 'pull-request': pullRequestCommands }).map(([verb, steps]) => ({
    verb,
    exports: steps.steps.flatMap((step) => ('read' in step ? [step.read] : [])).concat(steps.exports),
    commands: parse(buildspec(steps)).phases.build?.commands ?? [],
  }));

  /** What an environment can hold: anything but NUL. */
  const value = fc
    .array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...hostile, '\n', '\r', ' ')), { maxLength: 4 })
    .map((pieces) => pieces.join(''))
    .filter((text) => !text.includes('\0'));

  /** Runs a spec where every variable that it reads holds a value of its own. @returns what was called, and with which words it should have been */
  const runWith = (
    { verb, exports, commands }: (typeof specs)[number],
    [source, bundle, built, commit]: readonly [string, string, string, string],
    exported: string,
  ) => {
    const ran = runGenerated(
      commands,
      {
        CODEBUILD_SRC_DIR: source,
        CODEBUILD_SRC_DIR_Bowline: bundle,
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
    const bowline = (name: string, words: readonly string[], out = '.bowline/release') => [
      'node',
      `${bundle}/bowline.mjs`,
      name,
      '--catalog',
      `${bundle}/catalog`,
      '--out',
      out,
      ...words,
    ];
    const from = { build: '--source', scan: '--source', sign: '--release', promote: '--release' } as const;
    const expected =
      verb === 'pull-request'
        ? [
            bowline('build', ['--source', source, '--commit', commit]),
            bowline(
              'scan',
              ['--source', source, '--release', '.bowline/release', '--record-sha256', exported],
              '.bowline/scanned',
            ),
          ]
        : [bowline(verb, [from[verb as keyof typeof from], source, ...(verb === 'scan' ? ['--release', built] : [])])];
    return { ...ran, expected: [['rm', '-rf', '--', '.bowline'], ...expected] };
  };

  test.each(specs)('of $verb takes whatever stands in its environment as one value each', (spec) => {
    for (const text of hostile) {
      const { calls, expected, exitCode, variables } = runWith(spec, [text, text, text, text], 'x \\ $(id)');
      expect(calls).toEqual(expected);
      expect(exitCode).toBe(0);
      expect(variables.RECORD_SHA256).toBe('x \\ $(id)');
    }
  });

  test.each(specs)('of $verb does so for anything that a variable can hold', (spec) => {
    fc.assert(
      fc.property(fc.tuple(value, value, value, value), (values) => {
        const { calls, expected, exitCode } = runWith(spec, values, 'sha256:abc');
        expect(calls).toEqual(expected);
        expect(exitCode).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  test('fails when a verb has exported nothing', () => {
    const { exitCode } = runGenerated(specs[0]?.commands ?? [], {
      CODEBUILD_SRC_DIR: '.',
      CODEBUILD_SRC_DIR_Bowline: '.',
    });
    expect(exitCode).not.toBe(0);
  });

  test('holds no character of what the catalog or an outsider says', () => {
    const specsOfHello = resourcesOf(synthesize(), 'AWS::CodeBuild::Project').map(({ Properties }) =>
      JSON.stringify(Properties.Source),
    );
    for (const text of specsOfHello) {
      expect(text).not.toMatch(/hello|acme|#\{|github|main"/);
    }
  });

  test('is inline, of version 0.2, in one bash, in every project', () => {
    const projects = resourcesOf(synthesize(), 'AWS::CodeBuild::Project');
    expect(projects.map(({ Properties }) => (Properties.Source as { Type: string }).Type).sort()).toEqual([
      'CODEPIPELINE',
      'CODEPIPELINE',
      'CODEPIPELINE',
      'CODEPIPELINE',
      // The toolbox, from an asset.
      'S3',
    ]);
    for (const { Properties } of projects) {
      const { BuildSpec } = Properties.Source as { BuildSpec: string };
      expect(parseBuildspec(BuildSpec)).toMatchObject({ version: '0.2', env: { shell: 'bash' } });
    }
  });

  test('passes shellcheck, command by command and as a whole', () => {
    const directory = mkdtempSync(join(tmpdir(), 'bowline-shellcheck-'));
    try {
      const files = specs.flatMap(({ verb, commands }) =>
        [...commands.filter((text) => !text.startsWith('read ')), commands.join('\n')].map((text, index) => {
          const file = join(directory, `${verb}-${index}.sh`);
          writeFileSync(file, `#!/bin/bash\n${text}\n`);
          return file;
        }),
      );
      // What CodeBuild sets is not assigned in the script (SC2154).
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
