import { join } from 'node:path';
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
    const sha256 = writeRunningFile(options.out, running);
    process.stderr.write(`written to ${join(options.out, 'running.json')}: ${sha256}\n`);
  }
  const isReadable = running.releases.every((release) => 'image' in release);
  const { commit, releases } = running;
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ ok: isReadable, ledgerCommit: commit, releases })}\n`
      : `${describe(running, options.env)}\n`,
  );
  process.exitCode = isReadable || options.out !== undefined ? exitCodes.passed : exitCodes.inconclusive;
}

function describe({ commit, releases }: RunningReleases, environment: string | undefined): string {
  if (releases.length === 0) {
    return describeNothing(commit, environment);
  }
  return table([
    ['ENVIRONMENT', 'SERVICE', 'IMAGE'],
    ...releases.map((release) => [
      release.environment,
      release.service,
      'image' in release
        ? shortDigest(parseImageReference(release.image).digest)
        : `${release.code}: ${release.problem}`,
    ]),
  ]);
}

/** What to say of a ledger without the releases that somebody asked for. */
export function describeNothing(commit: string | undefined, environment: string | undefined): string {
  const where = environment === undefined ? '' : ` in ${environment}`;
  return `the ledger has no release${where}${commit === undefined ? ': it has no commits' : ` at ${commit.slice(0, 12)}`}`;
}
