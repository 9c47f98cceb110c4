import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { withTemporaryFolder, writeFileAtomic } from '../process';
import { type Provenance, provenanceType, readProvenance } from '../provenance';
import { type Built, binaryKeys } from '../release';
import { canonicalJson, type Digest, hexOf } from '../values';
import { attestBlob, publicKeyOf, verifyBlobAttestation, writeSigningConfig } from './clients/cosign';
import { alteredObject, type ObjectStore } from './clients/object-store';

export interface AttestBinariesInput {
  readonly store: ObjectStore;
  readonly release: Pick<Built, 'service' | 'source' | 'binaries'>;
  /** The provenance of the binary of a platform. */
  readonly provenance: (platform: string) => Provenance;
  readonly class: string;
  /** cosign key reference. */
  readonly key: string;
}

/**
 * Attests the provenance of each binary, in a bundle beside the signature. The subject is the digest in the record, whose checksums are signed. What
 * exists already must be by this key, and of the same source.
 * @throws BowlineError `binary-altered` (exit 1)
 */
export async function attestBinaries({
  store,
  release,
  provenance,
  class: environmentClass,
  key,
}: AttestBinariesInput): Promise<void> {
  const keys = binaryKeys(release);
  await withTemporaryFolder('binary-provenance', async (scratch) => {
    const publicKey = join(scratch, 'key.pub');
    const predicateFile = join(scratch, 'predicate.json');
    const bundle = join(scratch, 'bundle.json');
    const signingConfig = join(scratch, 'signing-config.json');
    writeFileAtomic(publicKey, await publicKeyOf(key));
    for (const { file, digest, platform } of release.binaries) {
      const objectKey = keys.provenance(environmentClass, release.source.commit, file);
      const predicate = provenance(platform);
      let stored = await store.get(objectKey);
      if (stored === undefined) {
        if (!existsSync(signingConfig)) {
          await writeSigningConfig(signingConfig);
        }
        writeFileAtomic(predicateFile, canonicalJson(predicate));
        await attestBlob({ name: file, digest, type: provenanceType, predicateFile, key, signingConfig, bundle });
        await store.putNew(objectKey, readFileSync(bundle));
        stored = await store.get(objectKey);
      }
      writeFileAtomic(bundle, stored ?? '');
      const isSigned = await verifyBlobAttestation({ digest, type: provenanceType, publicKey, bundle });
      if (!isSigned || !isAbout(Buffer.from(stored ?? '').toString(), digest, predicate)) {
        throw alteredObject(store, objectKey);
      }
    }
  });
}

const bundleSchema = z.looseObject({ dsseEnvelope: z.looseObject({ payload: z.string() }) });
const statementSchema = z.looseObject({
  subject: z.array(z.looseObject({ digest: z.looseObject({ sha256: z.string() }) })).length(1),
  predicateType: z.literal(provenanceType),
  predicate: z.unknown(),
});

/** Whether a verified bundle says about exactly this binary what is verified of provenance. */
function isAbout(bundle: string, digest: Digest, wanted: Provenance): boolean {
  const { payload } = bundleSchema.parse(JSON.parse(bundle)).dsseEnvelope;
  const statement = statementSchema.safeParse(JSON.parse(Buffer.from(payload, 'base64').toString()));
  const found = readProvenance(statement.data?.predicate);
  const expected = readProvenance(wanted);
  return (
    statement.data?.subject[0]?.digest.sha256 === hexOf(digest) &&
    found.ok &&
    expected.ok &&
    canonicalJson(found.claims) === canonicalJson(expected.claims)
  );
}
