import type { Invocation } from '../run';
import { type GitIsolation, gitEnvironment, gitFlags } from './isolation';

export interface GitCommandOptions extends GitIsolation {
  readonly directory: string;
  /** Written to standard input. */
  readonly input?: string;
  readonly timeoutSeconds: number;
  /** The environment that variables are taken from. @default that of this process */
  readonly from?: NodeJS.ProcessEnv;
}

/** A git command that sees nothing of the host's git configuration but what the options name, for `run` and `mustRun`. */
export function gitCommand(words: readonly string[], options: GitCommandOptions): Invocation {
  const { directory, input, timeoutSeconds } = options;
  const absent = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  return {
    program: 'git',
    arguments: [...gitFlags(options), ...words],
    directory,
    input,
    environment: { ...absent, ...gitEnvironment(options, options.from) },
    timeoutSeconds,
  };
}
