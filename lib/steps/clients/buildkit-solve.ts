import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '../../catalog';
import { badInput, inconclusive } from '../../errors';
import { findSourceProblem, type ImageRecipe, readStepFailure, sourceDateEpoch } from '../../image';
import { type Outcome, ProgramError, retryTransient, run, writeFileAtomic } from '../../process';
import { toolPath } from '../../tools';
import type { Reporter } from '../reporter';

/** A recipe, its source, and the BuildKit daemon that builds it. */
export interface SolveInput {
  readonly service: Service;
  readonly recipe: ImageRecipe;
  /** Folder of go.mod. */
  readonly directory: string;
  /** Address of the BuildKit daemon, such as `unix:///run/buildkit/buildkitd.sock`. */
  readonly buildkit: string;
  /** Download over the network of the machine. Only the local run does so. */
  readonly hostNetwork: boolean;
  /** BuildKit secrets by ID: a step sees one only where the recipe mounts it, and no layer or cache contains it. @default none */
  readonly secrets?: Readonly<Record<string, string>>;
  readonly reporter: Reporter;
}

/**
 * Runs one BuildKit solve of the recipe. It sends the recipe's own Dockerfile and allow-list, and never reads those of the source.
 * @returns BuildKit's metadata of the result, as JSON; `{}` when the output is files
 * @throws BowlineError `does-not-compile`, `go-too-old`, `modules-unfit` (exit 3), `compiler-failed` (exit 1)
 * @throws ProgramError when anything else fails
 */
export async function solve(
  { service, recipe, directory, buildkit, hostNetwork, secrets = {}, reporter }: SolveInput,
  options: readonly string[],
): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-build-'));
  try {
    writeFileAtomic(join(scratch, 'Dockerfile'), recipe.dockerfile);
    writeFileAtomic(join(scratch, 'Dockerfile.dockerignore'), recipe.dockerignore);
    const metadata = join(scratch, 'metadata.json');
    const invocation = {
      program: toolPath('buildctl'),
      arguments: [
        '--addr',
        buildkit,
        'build',
        '--frontend',
        'dockerfile.v0',
        '--local',
        `context=${directory}`,
        '--local',
        `dockerfile=${scratch}`,
        '--opt',
        `build-arg:SOURCE_DATE_EPOCH=${sourceDateEpoch}`,
        ...Object.keys(secrets).flatMap((id, index) => ['--secret', `id=${id},env=${secretVariable(index)}`]),
        ...(hostNetwork ? ['--allow', 'network.host', '--opt', 'force-network-mode=host'] : []),
        ...options,
        '--metadata-file',
        metadata,
        '--progress',
        'plain',
      ],
      // Neither a file, which could stay, nor an argument, which every process can read.
      environment: Object.fromEntries(Object.values(secrets).map((text, index) => [secretVariable(index), text])),
      timeoutSeconds: 3600,
      onProgress: (line: string) => reporter.progress(line),
    };
    const attempt = async () => {
      const outcome = await run(invocation);
      if (outcome.exitCode !== 0) {
        throw solveError(outcome, service);
      }
    };
    await retryTransient(attempt, {
      attempts: 3,
      firstWaitSeconds: 2,
      onRetry: (number, reason) => reporter.note(`BuildKit: ${reason}; trying again (${number} of 2)`),
    });
    // BuildKit writes no metadata for an output of files.
    return existsSync(metadata) ? readFileSync(metadata, 'utf8') : '{}';
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function secretVariable(index: number): string {
  return `BOWLINE_SECRET_${index}`;
}

/** An error about the command that failed, not about its line in a generated Dockerfile. */
function solveError(outcome: Outcome, service: Service): Error {
  const step = outcome.timedOut ? undefined : readStepFailure(outcome.stderr);
  if (step === undefined) {
    return new ProgramError('buildctl', outcome);
  }
  const problem = findSourceProblem(step, service.name, service.source.directory);
  if (problem !== undefined) {
    return badInput(problem.code, problem.message);
  }
  const error = new ProgramError(step.command, {
    ...outcome,
    exitCode: step.exitCode,
    stdout: '',
    stderr: step.lines.join('\n'),
  });
  // Compiling needs no network: an error that looks transient is not, so it is not retried.
  return step.command.startsWith('go build ') ? inconclusive('compiler-failed', error.message) : error;
}
