import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Service } from '../../catalog';
import { badInput, inconclusive } from '../../errors';
import { type ImageRecipe, readStepFailure, sourceDateEpoch, sourceProblemOf } from '../../image';
import { type Outcome, ProgramError, retryTransient, run } from '../../process';
import { toolPath } from '../../tools';
import { writeWhole } from '../release-folder';
import type { Reporter } from '../reporter';

/** A recipe, a source, and the daemon that makes something of them. */
export interface Solve {
  readonly service: Service;
  readonly recipe: ImageRecipe;
  /** Folder of go.mod. */
  readonly directory: string;
  /** Address of the BuildKit daemon, such as `unix:///run/buildkit/buildkitd.sock`. */
  readonly buildkit: string;
  /** Use the network of the machine for downloads: the local run alone. */
  readonly hostNetwork: boolean;
  readonly reporter: Reporter;
}

/**
 * One solve of the recipe. Dockerfile and allow-list are sent beside the source, whose own are never read.
 * @returns what BuildKit says of the result, as JSON: an empty object where it says nothing
 * @throws BowlineError `does-not-compile`, `go-too-old`, `modules-unfit`, exit 3, when it is the source's fault; `compiler-failed`, exit 1; ProgramError when anything else fails
 */
export async function solve(
  { service, recipe, directory, buildkit, hostNetwork, reporter }: Solve,
  options: readonly string[],
): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-build-'));
  try {
    writeWhole(join(scratch, 'Dockerfile'), recipe.dockerfile);
    writeWhole(join(scratch, 'Dockerfile.dockerignore'), recipe.dockerignore);
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
        ...(hostNetwork ? ['--allow', 'network.host', '--opt', 'force-network-mode=host'] : []),
        ...options,
        '--metadata-file',
        metadata,
        '--progress',
        'plain',
      ],
      timeoutSeconds: 3600,
      onProgress: (line: string) => reporter.progress(line),
    };
    const attempt = async () => {
      const outcome = await run(invocation);
      if (outcome.exitCode !== 0) {
        throw failureOf(outcome, service);
      }
    };
    await retryTransient(attempt, {
      attempts: 3,
      firstWaitSeconds: 2,
      onRetry: (number, reason) => reporter.note(`BuildKit: ${reason}; trying again (${number} of 2)`),
    });
    // Files on this machine are no image: of them BuildKit says nothing.
    return existsSync(metadata) ? readFileSync(metadata, 'utf8') : '{}';
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The command that failed is what people want to read about, not where it stands in a Dockerfile that they have never seen. */
function failureOf(outcome: Outcome, service: Service): Error {
  const step = outcome.timedOut ? undefined : readStepFailure(outcome.stderr);
  if (step === undefined) {
    return new ProgramError('buildctl', outcome);
  }
  const problem = sourceProblemOf(step, service.name, service.source.directory);
  if (problem !== undefined) {
    return badInput(problem.code, problem.message);
  }
  const told = new ProgramError(step.command, {
    ...outcome,
    exitCode: step.exitCode,
    stdout: '',
    stderr: step.lines.join('\n'),
  });
  // Compiling needs no network: what it says can only look like trouble that passes.
  return step.command.startsWith('go build ') ? inconclusive('compiler-failed', told.message) : told;
}
