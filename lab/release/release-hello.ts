import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { type RunResult, runFailure, runRelease } from '../../lib/local';
import type { CommitSha, ImageReference } from '../../lib/values';
import { digest, imageReference, imageRepository } from '../../lib/values';
import { catalogDirectory, labCatalog } from '../lab-catalog';
import type { Layout } from '../layout';
import type { Journal } from '../observe/journal';
import { commitHello } from './hello-source';
import type { HelloVersion } from './hello-version';

/** A release that went the whole road. */
export interface LabRelease {
  readonly hello: HelloVersion;
  readonly commit: CommitSha;
  readonly image: ImageReference;
  readonly ledgerCommit: string;
  readonly run: RunResult;
}

/**
 * Commits a version and sends it down the road: what CDK synthesized, executed by its own buildspecs, into the lab's registry and ledger.
 * @throws Error when the road stops
 */
export async function releaseHello(layout: Layout, hello: HelloVersion, journal: Journal): Promise<LabRelease> {
  const source = await commitHello(layout, hello);
  journal.note('git', `commit ${source.commit.slice(0, 12)} of the service: ${hello.version}`);
  const run = await runRelease({
    root: join(__dirname, '..', '..'),
    catalog: catalogDirectory,
    name: 'hello',
    source: source.directory,
    ledger: labCatalog().platform.ledger.repository,
    registry: `127.0.0.1:${layout.ports.registry}`,
    renderer,
    reporter: {
      note: (line) => {
        if (/^[✓✗]/.test(line)) {
          journal.note('road', line.replace(/\s+/g, ' '));
        }
      },
      progress: () => {},
      end: () => {},
    },
  });
  const failure = runFailure(run);
  if (failure !== undefined || run.image === undefined) {
    throw failure === undefined
      ? new Error(`the road made no image of ${hello.version}`)
      : new Error(`${failure.message}:\n${run.failed?.log ?? ''}`);
  }
  const ledgerCommit = run.promoted.lab;
  if (ledgerCommit === undefined) {
    throw new Error(`the road promoted ${hello.version} to no environment of the name lab`);
  }
  journal.note('git', `ledger commit ${ledgerCommit.slice(0, 12)}: ${run.changed ? 'a new release' : 'as it was'}`);
  return {
    hello,
    commit: source.commit,
    image: imageReference(imageRepository(run.image.repository), digest(run.image.digest)),
    ledgerCommit,
    run,
  };
}
