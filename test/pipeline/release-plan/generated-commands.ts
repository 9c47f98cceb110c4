import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a generated script did: the argv of every program it ran, its exit code, and what it left in its environment. */
export interface Ran {
  readonly calls: readonly (readonly string[])[];
  readonly exitCode: number;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Runs commands in one bash, as CodeBuild does with a buildspec of version 0.2, where every program is a stub that writes down how it was called.
 * @param prepare what the programs would have left in the working directory
 */
export function runGenerated(
  commands: readonly string[],
  environment: Readonly<Record<string, string>>,
  asked: readonly string[] = [],
  prepare: (directory: string) => void = () => {},
): Ran {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-commands-'));
  try {
    const programs = join(directory, 'programs');
    const log = join(directory, 'calls');
    const work = join(directory, 'work');
    mkdirSync(programs);
    mkdirSync(work);
    for (const program of ['node', 'rm', 'id', 'touch', 'sh']) {
      const stub = join(programs, program);
      // How many words, then each with a NUL after it, which no argument can hold: an empty one counts as well.
      writeFileSync(stub, `#!/bin/bash\nprintf '%s\\0' "$(($# + 1))" ${program} "$@" >> ${log}\n`);
      chmodSync(stub, 0o755);
    }
    prepare(work);
    const script = [
      ...commands.map((command) => `${command} || exit 1`),
      ...asked.map((name) => `printf '%s\\0' "$${name}" >> ${join(directory, 'variables')}`),
    ].join('\n');
    writeFileSync(join(directory, 'script'), script);
    let exitCode = 0;
    try {
      execFileSync('/bin/bash', [join(directory, 'script')], {
        cwd: work,
        env: { ...environment, PATH: programs },
        stdio: 'pipe',
      });
    } catch (error) {
      exitCode = (error as { status: number }).status;
    }
    const read = (path: string) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    };
    const values = read(join(directory, 'variables')).split('\0');
    return {
      calls: callsIn(read(log).split('\0').slice(0, -1)),
      exitCode,
      variables: Object.fromEntries(asked.map((name, index) => [name, values[index] ?? ''])),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function callsIn(words: readonly string[]): readonly (readonly string[])[] {
  if (words.length === 0) {
    return [];
  }
  const end = 1 + Number(words[0]);
  return [words.slice(1, end), ...callsIn(words.slice(end))];
}

/** Values that an outsider could choose, and that would do harm in a command's text. */
export const hostile = [
  '$(id)',
  '`id`',
  'a;id',
  'a&&id',
  'a|id',
  '--flag',
  '-rf',
  'two words',
  'new\nline',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the shell's
  '${IFS}id',
  '$HOME',
  '*',
  '~',
  "it's",
  '"quoted"',
  'back\\slash',
  '>file',
  '!!',
  '\t',
  '{a,b}',
  'ü€😀',
];
