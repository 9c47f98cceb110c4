import { exitCodes } from '../../errors';
import { type RunningReleases, writeRunningFile } from '../../steps';
import { parseImageReference, shortDigest } from '../../values';
import { table } from '../terminal';
import { type RunningSelection, readRunning } from './select-running';

/** Options of `bowline releases`. */
export interface ReleasesOptions extends RunningSelection {
  readonly out?: string;
}

/**
 * `bowline releases`: exit 0 listed, 1 the ledger is unreachable or has a release that cannot be read, 3 bad input. A list in a file is complete: the
 * rescan that reads it reports what cannot be read.
 */
export async function releasesCommand(names: readonly string[], options: ReleasesOptions): Promise<void> {
  const running = await readRunning(options, names);
  if (options.out !== undefined) {
    writeRunningFile(options.out, running);
  }
  const isReadable = running.releases.every((release) => 'image' in release);
  process.stdout.write(options.json ? `${JSON.stringify({ ok: isReadable, ...running })}\n` : `${describe(running)}\n`);
  process.exitCode = isReadable || options.out !== undefined ? exitCodes.passed : exitCodes.inconclusive;
}

function describe({ commit, releases }: RunningReleases): string {
  if (releases.length === 0) {
    return describeNothing(commit);
  }
  return table([
    ['ENVIRONMENT', 'SERVICE', 'IMAGE'],
    ...releases.map((release) => [
      release.environment,
      release.service,
      'image' in release ? shortDigest(parseImageReference(release.image).digest) : `unreadable: ${release.problem}`,
    ]),
  ]);
}

/** What to say of a ledger without the releases that somebody asked for. */
export function describeNothing(commit: string | undefined): string {
  return `the ledger has no release${commit === undefined ? ': it has no commits' : ` at ${commit.slice(0, 12)}`}`;
}
