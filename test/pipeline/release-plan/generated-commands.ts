import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The result of a generated script: the argv of every program, the exit code, and the requested environment variables. */
export interface ScriptRun {
  readonly calls: readonly (readonly string[])[];
  readonly exitCode: number;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * Runs commands in one bash, as CodeBuild does with a buildspec of version 0.2. Every program is a stub that records its arguments.
 * @param requestedVariables variables whose value to return
 * @param prepare creates the files that the programs would have created in the working directory
 */
export function runGenerated(
  commands: readonly string[],
  environment: Readonly<Record<string, string>>,
  requestedVariables: readonly string[] = [],
  prepare: (directory: string) => void = () => {},
): ScriptRun {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-commands-'));
  try {
    const programs = join(directory, 'programs');
    const log = join(directory, 'calls');
    const work = join(directory, 'work');
    mkdirSync(programs);
    mkdirSync(work);
    for (const program of ['node', 'rm', 'id', 'touch', 'sh']) {
      const stub = join(programs, program);
      // The number of arguments, then each argument with a NUL after it, which no argument can contain. Empty arguments count, too.
      writeFileSync(stub, `#!/bin/bash\nprintf '%s\\0' "$(($# + 1))" ${program} "$@" >> ${log}\n`);
      chmodSync(stub, 0o755);
    }
    prepare(work);
    const script = [
      ...commands.map((command) => `${command} || exit 1`),
      ...requestedVariables.map((name) => `printf '%s\\0' "$${name}" >> ${join(directory, 'variables')}`),
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
      calls: parseCalls(read(log).split('\0').slice(0, -1)),
      exitCode,
      variables: Object.fromEntries(requestedVariables.map((name, index) => [name, values[index] ?? ''])),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function parseCalls(fields: readonly string[]): readonly (readonly string[])[] {
  const calls: (readonly string[])[] = [];
  for (let start = 0; start < fields.length; ) {
    const end = start + 1 + Number(fields[start]);
    calls.push(fields.slice(start + 1, end));
    start = end;
  }
  return calls;
}

/** Values that a contributor could choose, and that would be harmful in the text of a command. */
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
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell expansion
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
