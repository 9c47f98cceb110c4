import { createHash } from 'node:crypto';
import { renderer } from '../../charts/render';
import type { Catalog } from '../../lib/catalog';
import type { ReleaseFile } from '../../lib/ledger';
import { commitSha, digest, type ImageReference, parseImageReference } from '../../lib/values';
import { promoteToLedger } from '../../lib/verbs/promote-to-ledger';
import { publish } from '../../lib/verbs/publish';
import type { Layout } from '../layout';
import { buildHello, type HelloVersion } from './build-hello';
import { helloOf } from './catalog';

/** A release that stands in the ledger. */
export interface LedgerRelease {
  readonly image: ImageReference;
  readonly ledgerCommit: string;
}

/**
 * Releases a version without the road's gates: built by go alone, unsigned, written into the ledger by the same code as promote writes it.
 * For scenarios about the rollout; those about the road itself run the road.
 * @throws Error when the ledger refuses it
 */
export async function releaseFixture(layout: Layout, catalog: Catalog, hello: HelloVersion): Promise<LedgerRelease> {
  const ledger = { repository: catalog.platform.ledger.repository, branch: catalog.platform.ledger.branch };
  const [image] = await Promise.all([buildHello(layout, hello), publish({ catalog, ledger, renderer })]);
  const result = await promoteToLedger({ ledger, release: fixtureRelease(catalog, image, hello.version), renderer });
  if (!result.ok) {
    throw new Error(`the ledger does not take ${hello.version}: ${result.why}`);
  }
  return { image, ledgerCommit: result.commit };
}

function fixtureRelease(catalog: Catalog, image: ImageReference, version: string): ReleaseFile {
  const { name, environment } = helloOf(catalog);
  const { digest: index } = parseImageReference(image);
  return {
    version: 1,
    service: name,
    environment,
    image,
    source: { repository: 'acme/hello', commit: commitSha(createHash('sha1').update(version).digest('hex')) },
    evidence: {
      platforms: { 'linux/amd64': index },
      sboms: {},
      verdict: 'passed',
      databases: ['none: a fixture of the lab'],
      signedBy: digest(`sha256:${'0'.repeat(64)}`),
    },
  };
}
