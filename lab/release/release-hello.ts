import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { type RunResult, runFailure, runRelease } from '../../lib/local';
import type { CommitSha, ImageReference } from '../../lib/values';
import { digest, imageReference, imageRepository } from '../../lib/values';
import type { LabServiceName } from '../lab-catalog';
import { catalogDirectory, labCatalog } from '../lab-catalog';
import type { Layout } from '../layout';
import type { Journal } from '../observe/journal';
import { commitVersion } from './commit-version';
import type { ServiceVersion } from './service-version';

/** A version that the release pipeline promoted. */
export interface LabRelease {
  readonly hello: ServiceVersion;
  readonly commit: CommitSha;
  readonly image: ImageReference;
  readonly ledgerCommit: string;
  readonly run: RunResult;
}

/**
 * Commits a version and runs the synthesized release pipeline for it, with its buildspecs, into the lab's registry and ledger.
 * @throws Error if the pipeline fails
 */
export async function releaseVersion(
  layout: Layout,
  { service, version: hello }: { readonly service: LabServiceName; readonly version: ServiceVersion },
  journal: Journal,
): Promise<LabRelease> {
  const source = await commitVersion(layout, service, hello);
  journal.note('git', `commit ${source.commit.slice(0, 12)} of the service: ${hello.version}`);
  const run = await runRelease({
    root: join(__dirname, '..', '..'),
    catalog: catalogDirectory,
    name: service,
    source: source.directory,
    ledger: labCatalog().platform.ledger.repository,
    registry: `127.0.0.1:${layout.ports.registry}`,
    renderer,
    reporter: {
      note: (line) => {
        if (/^[✓✗]/.test(line)) {
          journal.note('pipeline', line.replace(/\s+/g, ' '));
        }
      },
      progress: () => {},
      end: () => {},
    },
  });
  const failure = runFailure(run);
  if (failure !== undefined || run.image === undefined) {
    throw failure === undefined
      ? new Error(`the pipeline built no image of ${hello.version}`)
      : new Error(`${failure.message}:\n${run.failed?.log ?? ''}`);
  }
  const ledgerCommit = run.promoted.lab;
  if (ledgerCommit === undefined) {
    throw new Error(`the pipeline did not promote ${hello.version} to the environment lab`);
  }
  journal.note('git', `ledger commit ${ledgerCommit.slice(0, 12)}: ${run.changed ? 'a new release' : 'unchanged'}`);
  return {
    hello,
    commit: source.commit,
    image: imageReference(imageRepository(run.image.repository), digest(run.image.digest)),
    ledgerCommit,
    run,
  };
}
