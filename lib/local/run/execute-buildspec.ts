import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, withTemporaryFolder } from '../../process';
import { type Buildspec, phases } from '../assembly/buildspec';

export interface BuildResult {
  readonly exitCode: number;
  /** Values of the exported variables. */
  readonly exported: Readonly<Record<string, string>>;
  readonly log: string;
  readonly seconds: number;
}

export interface BuildInput {
  readonly spec: Buildspec;
  readonly directory: string;
  /** The complete environment: the build inherits nothing from this machine. */
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** File for the output of the build. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
}

/**
 * Runs a buildspec as CodeBuild does (version 0.2): all commands run in one shell, a phase ends at its first failing command, `finally` always runs,
 * post_build also runs after a failed build phase, and exported variables are read at the end.
 */
export async function executeBuildspec(input: BuildInput): Promise<BuildResult> {
  return withTemporaryFolder('build', async (scratch) => {
    const exported = join(scratch, 'exported');
    const script = join(scratch, 'build.sh');
    writeFileSync(script, writeCommands(input.spec, scratch, exported));
    mkdirSync(join(input.logFile, '..'), { recursive: true });
    writeFileSync(input.logFile, '');
    const outcome = await run({
      // `env -i`: the build inherits nothing from this machine.
      program: '/usr/bin/env',
      arguments: [
        '-i',
        ...Object.entries(input.environment).map(([name, value]) => `${name}=${value}`),
        'bash',
        '--noprofile',
        '--norc',
        script,
      ],
      directory: input.directory,
      timeoutSeconds: input.timeoutSeconds,
      onProgress: (line) => {
        appendFileSync(input.logFile, `${line}\n`);
        input.onLine(line);
      },
    });
    const limit = outcome.timedOut
      ? `stopped after ${input.timeoutSeconds / 60} min, the time limit of this CodeBuild project\n`
      : '';
    const log = outcome.stdout + outcome.stderr + limit;
    writeFileSync(input.logFile, log);
    return {
      exitCode: outcome.exitCode,
      exported: readExported(exported),
      log,
      seconds: outcome.seconds,
    };
  });
}

/** Writes each command to a file that the shell sources, so that no command is quoted, split or joined with another. */
function writeCommands(spec: Buildspec, scratch: string, exported: string): string {
  const lines = ['CODEBUILD_BUILD_SUCCEEDING=1', 'bowline_exit=0', 'export CODEBUILD_BUILD_SUCCEEDING'];
  let count = 0;
  const sourceCommand = (command: string) => {
    const file = join(scratch, `command-${count++}.sh`);
    writeFileSync(file, `${command}\n`);
    return `. ${file}`;
  };
  for (const phase of phases) {
    const body = spec.phases[phase];
    if (!body) {
      continue;
    }
    const runs = phase === 'post_build' ? '[ -z "$bowline_stopped" ]' : '[ "$CODEBUILD_BUILD_SUCCEEDING" = 1 ]';
    const fatal = phase === 'install' || phase === 'pre_build' ? '; bowline_stopped=1' : '';
    const chain = body.commands.map(sourceCommand).join(' && ') || 'true';
    lines.push(
      `if ${runs}; then`,
      `  ${chain}`,
      `  bowline_status=$?; if [ $bowline_status -ne 0 ]; then CODEBUILD_BUILD_SUCCEEDING=0; bowline_exit=$bowline_status${fatal}; fi`,
    );
    lines.push(...body.finally.map((command) => `  ${sourceCommand(command)}`), 'fi');
  }
  for (const name of spec.env['exported-variables']) {
    lines.push(`printf '%s=%s\\0' '${name}' "$${name}" >> ${exported}`);
  }
  return `${lines.join('\n')}\nexit $bowline_exit\n`;
}

function readExported(file: string): Readonly<Record<string, string>> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return {};
  }
  const pairs = text.split('\0').filter((pair) => pair !== '');
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
