import { BowlineError, exitCodes, rejected } from '../errors';
import { checkSbom } from '../gate';
import type { LedgerLocation, ReleaseFile, Renderer } from '../ledger';
import type { DatabaseOrigin, Promoted, Signed } from '../release';
import { canonicalJson, type Digest, digestOf, type ImageRepository, imageReference } from '../values';
import { verifiedPredicates, verifySignature } from './clients/cosign';
import { signatureAnnotations, verdictPredicate } from './evidence';
import type { GitHost } from './gitops/git-host';
import { type LedgerPromotionResult, promoteToLedger } from './gitops/promote-to-ledger';
import { readPublicKeys, verifyWithAnyKey } from './public-keys';
import type { Reporter } from './reporter';

export interface PromoteInput {
  readonly release: Signed | Promoted;
  readonly environment: string;
  /** Class of the environment: its key must have signed. */
  readonly class: string;
  /** File of that class's public keys, PEM, the newest first: evidence by any one of them is enough. */
  readonly publicKey: string;
  readonly signatures: ImageRepository;
  /**
   * Databases that a verdict may be based on: the scanners' feeds only, or the fixture database as well, which says nothing about real
   * vulnerabilities.
   * @default 'feed'
   */
  readonly databases?: DatabaseOrigin;
  readonly ledger: LedgerLocation;
  /** Opens a pull request here instead of pushing to the ledger's branch. */
  readonly pullRequestHost?: GitHost;
  readonly renderer: Renderer;
  readonly reporter: Reporter;
}

export interface PromoteResult {
  readonly release: Promoted;
  readonly changed: boolean;
}

/**
 * Promotes a release to an environment: verifies the signature, the SBOM of each platform and the verdict with a public key of the
 * environment's class, then writes the ledger. It verifies what the registry has, not what the record claims.
 * @throws BowlineError exit 2 with `no-signature`, `key-mismatch`, `no-sbom`, `no-verdict`, `fixture-verdict`, … or the ledger's refusal
 */
export async function promote(input: PromoteInput): Promise<PromoteResult> {
  const { release, environment, reporter } = input;
  const key = await verifyWithAnyKey(readPublicKeys(input.publicKey), (file) => verifyEvidence(input, file));
  reporter.note(
    `verified: signature, ${Object.keys(release.sboms).length} SBOMs and verdict of ${release.image.digest} by the key of ${input.class} (${key.digest.slice(0, 19)})`,
  );
  requireFeeds(input);
  const result = await promoteToLedger({
    ledger: input.ledger,
    release: releaseFile(input, key.digest),
    renderer: input.renderer,
    pullRequestHost: input.pullRequestHost,
  });
  if (!result.ok) {
    throw new BowlineError(
      result.code,
      result.reason,
      result.code === 'malformed-input' ? exitCodes.badInput : exitCodes.rejected,
    );
  }
  for (const note of result.notes) {
    reporter.note(note);
  }
  reporter.note(`${environment}: ${describeResult(result, release.image.digest)}`);
  const earlier = release.stage === 'promoted' ? release.promotions : [];
  return {
    release: {
      ...release,
      stage: 'promoted',
      promotions: [
        ...earlier.filter((promotion) => promotion.environment !== environment),
        { environment, ledgerCommit: result.commit },
      ],
    },
    changed: result.changed,
  };
}

/** Verifies an image in the registry with one public key. @throws BowlineError exit 2 when something is missing or does not verify */
async function verifyEvidence(
  { release, class: environmentClass, signatures }: Pick<PromoteInput, 'release' | 'class' | 'signatures'>,
  publicKey: string,
): Promise<void> {
  const { repository, digest, platforms } = release.image;
  const image = imageReference(repository, digest);
  const annotations = signatureAnnotations(release.service, environmentClass);
  const [signature, verdicts, ...sboms] = await Promise.all([
    verifySignature({ signatures, image, publicKey, annotations }),
    verifiedPredicates({ signatures, image, publicKey, type: 'verdict' }),
    ...Object.entries(platforms).map(async ([platform, platformDigest]) => ({
      platform,
      digest: platformDigest,
      predicates: await verifiedPredicates({
        signatures,
        image: imageReference(repository, platformDigest),
        publicKey,
        type: 'sbom',
      }),
    })),
  ]);
  if (!signature.ok) {
    throw rejected(signature.code, signature.message);
  }
  const recordedVerdict = digestOf(canonicalJson(verdictPredicate(release)));
  if (!verdicts.some((predicate) => digestOf(canonicalJson(predicate)) === recordedVerdict)) {
    throw rejected(
      'no-verdict',
      `${image}: none of ${verdicts.length} verdict attestations by the key of ${environmentClass} matches the release record`,
    );
  }
  if (release.verdict.outcome !== 'passed') {
    throw rejected('verdict-not-passed', `${image}: the verdict is ${release.verdict.outcome}`);
  }
  for (const sbom of sboms) {
    requireSbom(release, sbom);
  }
}

interface PlatformSboms {
  readonly platform: string;
  /** Digest of the platform's image. */
  readonly digest: Digest;
  /** SBOMs that are attested to it. */
  readonly predicates: readonly unknown[];
}

/** Requires the very SBOM that was scanned: an older good one beside a newer empty one proves nothing. */
function requireSbom(release: Signed | Promoted, { platform, digest, predicates }: PlatformSboms): void {
  const recorded = release.sboms[platform];
  if (!recorded) {
    throw rejected('no-sbom', `the record has no SBOM of ${platform}`);
  }
  const text = predicates.map(canonicalJson).find((candidate) => digestOf(candidate) === recorded.digest);
  if (text === undefined) {
    throw rejected(
      'no-sbom',
      `${platform} (${digest}): none of ${predicates.length} attested SBOMs is the one that was scanned (${recorded.digest})`,
    );
  }
  const checked = checkSbom(text, digest);
  if (!checked.ok) {
    throw rejected(checked.problem.code, `${platform}: ${checked.problem.message}`);
  }
}

/** By default a verdict must be based on the feeds: the fixture database knows a handful of advisories. */
function requireFeeds({ release, environment, databases = 'feed' }: PromoteInput): void {
  const fixtures = release.verdict.databases.filter(({ origin }) => origin === 'fixture');
  if (databases === 'feed' && fixtures.length > 0) {
    const scanners = [...new Set(fixtures.map(({ scanner }) => scanner))].sort().join(', ');
    throw rejected(
      'fixture-verdict',
      `${release.service}: the verdict is based on the fixture database (${scanners}), which says nothing about real vulnerabilities. Scan again with the feeds. If ${environment} is only a trial, promote with --vulnerability-database fixture.`,
    );
  }
}

function releaseFile(input: PromoteInput, signedBy: Digest): ReleaseFile {
  const { release } = input;
  return {
    version: 1,
    service: release.service,
    environment: input.environment,
    image: imageReference(release.image.repository, release.image.digest),
    source: release.source,
    evidence: {
      platforms: release.image.platforms,
      sboms: Object.fromEntries(Object.entries(release.sboms).map(([platform, { digest }]) => [platform, digest])),
      verdict: 'passed',
      scannedAt: release.scannedAt,
      databases: [...new Set(release.verdict.databases.map(({ scanner, origin }) => `${scanner}: ${origin}`))].sort(),
      signedBy,
    },
  };
}

function describeResult(result: Extract<LedgerPromotionResult, { ok: true }>, image: Digest): string {
  const { pullRequest, changed, commit } = result;
  if (pullRequest !== undefined) {
    return `${pullRequest.opened ? 'opened' : 'already open:'} ${pullRequest.url}; it is deployed once someone merges it`;
  }
  return changed ? `ledger commit ${commit}` : `already runs ${image}, nothing to commit`;
}
