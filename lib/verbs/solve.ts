import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ImageRecipe, sourceDateEpoch } from '../image';
import { mustRun, retryTransient } from '../process';
import { toolPath } from '../tools';
import { writeWhole } from './release-folder';
import type { Reporter } from './reporter';

/** A recipe, a source, and the daemon that makes something of them. */
export interface Solve {
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
 * @returns what BuildKit says of the result, as JSON
 * @throws ProgramError when it fails
 */
export async function solve(
  { recipe, directory, buildkit, hostNetwork, reporter }: Solve,
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
    await retryTransient(() => mustRun(invocation), {
      attempts: 3,
      firstWaitSeconds: 2,
      onRetry: (attempt, reason) => reporter.note(`BuildKit: ${reason}; trying again (${attempt} of 2)`),
    });
    return readFileSync(metadata, 'utf8');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
