import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inconclusive, rejected } from '../errors';
import { checkSbom } from '../gate';
import type { Promoted, Scanned, Signed } from '../release';
import { canonicalJson, digestOf, type ImageReference, type ImageRepository, imageReference } from '../values';
import {
  attestImage,
  publicKeyDigest,
  publicKeyOf,
  requireReadBack,
  signImage,
  verifiedPredicates,
  verifySignature,
  writeSigningConfig,
} from './clients/cosign';
import { writeWhole } from './release-folder';
import type { Reporter } from './reporter';
import { verdictPredicate } from './verdict-predicate';

export interface SignInput {
  readonly release: Scanned | Signed | Promoted;
  /** SBOM text of each platform. */
  readonly sboms: Readonly<Record<string, string>>;
  /** Class of environments whose key signs. */
  readonly class: string;
  /** cosign key reference, such as `awskms:///alias/acme-production`. */
  readonly key: string;
  readonly signatures: ImageRepository;
  readonly reporter: Reporter;
}

/**
 * Signs the image by digest, attests the SBOM of each platform and the verdict. What is validly there already is left alone.
 * @throws BowlineError `verdict-not-passed` (exit 2), `sbom-altered` (exit 1)
 */
export async function sign(input: SignInput): Promise<Signed> {
  const { release, reporter } = input;
  if (release.verdict.outcome !== 'passed') {
    throw rejected(
      'verdict-not-passed',
      `${release.service}: the verdict is ${release.verdict.outcome}; only what has passed is signed`,
    );
  }
  requireSboms(input);
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-sign-'));
  try {
    const publicKey = join(scratch, 'key.pub');
    const pem = await publicKeyOf(input.key);
    writeWhole(publicKey, pem);
    const evidence = await Promise.all([
      signature(input, publicKey),
      ...sbomAttestations(input, publicKey, scratch),
      verdictAttestation(input, publicKey, scratch),
    ]);
    const missing = evidence.filter((item) => !item.present);
    if (missing.length > 0) {
      const config = join(scratch, 'signing-config.json');
      await writeSigningConfig(config);
      // One after the other: a registry without the referrers API keeps them in one index, and two writers would lose one.
      for (const item of missing) {
        await item.write(config);
        requireReadBack(await item.check(), item.what);
      }
    }
    reporter.note(
      missing.length === 0
        ? `already signed by ${input.class}: nothing to do`
        : `signed by ${input.class}: ${missing.map(({ what }) => what).join(', ')}`,
    );
    const others = release.stage === 'scanned' ? [] : release.signatures.filter((other) => other.class !== input.class);
    const signatures = [
      ...others,
      { class: input.class, publicKey: publicKeyDigest(pem), signatures: input.signatures },
    ];
    return { ...withoutPromotions(release), stage: 'signed', signatures };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function withoutPromotions(release: Scanned | Signed | Promoted): Scanned {
  const { version, service, source, image, binaries, sboms, verdict } = release;
  return { version, stage: 'scanned', service, source, image, binaries, sboms, verdict };
}

/** The annotations that bind a signature to a service and to environments of one class: a copy elsewhere does not verify. */
export function signatureAnnotations(service: string, environmentClass: string): Readonly<Record<string, string>> {
  return { 'bowline.service': service, 'bowline.class': environmentClass };
}

function requireSboms({ release, sboms }: SignInput): void {
  for (const [platform, { digest }] of Object.entries(release.sboms)) {
    const text = sboms[platform];
    if (text === undefined || digestOf(text) !== digest) {
      throw inconclusive('sbom-altered', `the SBOM of ${platform} is not the one that was scanned`);
    }
    const checked = checkSbom(text, release.image.platforms[platform] ?? release.image.digest);
    if (!checked.ok) {
      throw inconclusive(checked.problem.code, `${platform}: ${checked.problem.message}`);
    }
  }
}

interface EvidenceItem {
  readonly what: string;
  readonly present: boolean;
  check(): Promise<boolean>;
  write(signingConfig: string): Promise<void>;
}

async function item(
  what: string,
  check: () => Promise<boolean>,
  write: (signingConfig: string) => Promise<void>,
): Promise<EvidenceItem> {
  return { what, present: await check(), check, write };
}

function signature(input: SignInput, publicKey: string): Promise<EvidenceItem> {
  const image = imageReference(input.release.image.repository, input.release.image.digest);
  const annotations = signatureAnnotations(input.release.service, input.class);
  return item(
    'signature',
    async () => (await verifySignature(input, image, publicKey, annotations)).ok,
    (config) => signImage(input, image, input.key, config, annotations),
  );
}

function sbomAttestations(input: SignInput, publicKey: string, scratch: string): readonly Promise<EvidenceItem>[] {
  const { release } = input;
  return Object.entries(release.image.platforms)
    .sort()
    .map(([platform, digest]) => {
      const text = input.sboms[platform] as string;
      return attestation(
        input,
        publicKey,
        scratch,
        imageReference(release.image.repository, digest),
        'sbom',
        text,
        `SBOM of ${platform}`,
      );
    });
}

function verdictAttestation(input: SignInput, publicKey: string, scratch: string): Promise<EvidenceItem> {
  const image = imageReference(input.release.image.repository, input.release.image.digest);
  return attestation(
    input,
    publicKey,
    scratch,
    image,
    'verdict',
    canonicalJson(verdictPredicate(input.release)),
    'verdict',
  );
}

function attestation(
  input: SignInput,
  publicKey: string,
  scratch: string,
  image: ImageReference,
  type: 'sbom' | 'verdict',
  text: string,
  what: string,
): Promise<EvidenceItem> {
  const wanted = digestOf(text);
  return item(
    what,
    async () =>
      (await verifiedPredicates(input, image, publicKey, type)).some(
        (predicate) => digestOf(canonicalJson(predicate)) === wanted,
      ),
    async (config) => {
      const file = join(scratch, `${wanted.slice(7)}.json`);
      writeWhole(file, text);
      await attestImage(input, image, input.key, config, type, file);
    },
  );
}
