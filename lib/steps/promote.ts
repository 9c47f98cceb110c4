import { BowlineError, exitCodes, rejected } from '../errors';
import { checkSbom } from '../gate';
import type { LedgerLocation, ReleaseFile, Renderer } from '../ledger';
import type { Promoted, Signed } from '../release';
import { canonicalJson, type Digest, digestOf, type ImageRepository, imageReference } from '../values';
import { refuseUnsigned, verifiedPredicates, verifySignature } from './clients/cosign';
import type { GitHost } from './gitops/git-host';
import { type LedgerPromotionResult, promoteToLedger } from './gitops/promote-to-ledger';
import { readPublicKeys, verifiedByOne } from './public-keys';
import type { Reporter } from './reporter';
import { signatureAnnotations } from './sign';
import { verdictPredicate } from './verdict-predicate';

export interface PromoteInput {
  readonly release: Signed | Promoted;
  readonly environment: string;
  /** Class of the environment: its key must have signed. */
  readonly class: string;
  /** File of that class's public keys, PEM, the newest first: evidence by any one of them is enough. */
  readonly publicKey: string;
  readonly signatures: ImageRepository;
  /**
   * What a verdict may rest on: the scanners' feeds alone, or the small stand-in of this project too, which says nothing about the world.
   * @default 'feed'
   */
  readonly databases?: 'feed' | 'fixture';
  readonly ledger: LedgerLocation;
  /** Where a pull request is opened, instead of a push to the ledger's branch. */
  readonly proposeAt?: GitHost;
  readonly renderer: Renderer;
  readonly reporter: Reporter;
}

export interface PromoteResult {
  readonly release: Promoted;
  readonly changed: boolean;
}

/**
 * Lets a release into an environment: verifies signature, SBOM of each platform and verdict with a public key of the environment's class,
 * against the registry and not against what the record claims, then writes the ledger.
 * @throws BowlineError exit 2 with `no-signature`, `key-mismatch`, `no-sbom`, `no-verdict`, `fixture-verdict`, … or the ledger's refusal
 */
export async function promote(input: PromoteInput): Promise<PromoteResult> {
  const { release, reporter } = input;
  const key = await verifiedByOne(readPublicKeys(input.publicKey), (file) => verifyEvidence(input, file));
  reporter.note(
    `verified: signature, ${Object.keys(release.sboms).length} SBOMs and verdict of ${release.image.digest} by the key of ${input.class} (${key.digest.slice(0, 19)})`,
  );
  requireFeeds(input);
  const result = await promoteToLedger({
    ledger: input.ledger,
    release: releaseFile(input, key.digest),
    renderer: input.renderer,
    ...(input.proposeAt === undefined ? {} : { proposeAt: input.proposeAt }),
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
  reporter.note(`${input.environment}: ${outcome(result, release.image.digest)}`);
  const others =
    release.stage === 'promoted' ? release.promotions.filter((other) => other.environment !== input.environment) : [];
  return {
    release: {
      ...release,
      stage: 'promoted',
      promotions: [...others, { environment: input.environment, ledgerCommit: result.commit }],
    },
    changed: result.changed,
  };
}

/** Nothing comes by default into a ledger that was judged by a database which knows a handful of advisories. */
function requireFeeds({ release, environment, databases = 'feed' }: PromoteInput): void {
  const fixtures = release.verdict.databases.filter(({ origin }) => origin === 'fixture');
  if (databases === 'feed' && fixtures.length > 0) {
    const scanners = [...new Set(fixtures.map(({ scanner }) => scanner))].sort().join(', ');
    throw rejected(
      'fixture-verdict',
      `${release.service}: the verdict is based on the fixture database (${scanners}), which says nothing about real vulnerabilities: scan again with the feeds. Where ${environment} is a trial, promote with --vulnerability-database fixture`,
    );
  }
}

function outcome(result: Extract<LedgerPromotionResult, { ok: true }>, image: Digest): string {
  const { pullRequest, changed, commit } = result;
  if (pullRequest !== undefined) {
    return `${pullRequest.opened ? 'opened' : 'already open:'} ${pullRequest.url}; nothing runs before somebody merges it`;
  }
  return changed ? `ledger commit ${commit}` : `already runs ${image}, nothing to commit`;
}

/** All that has to be true of an image in the registry before it is let in. @throws BowlineError exit 2 */
async function verifyEvidence(
  input: Pick<PromoteInput, 'release' | 'class' | 'signatures'>,
  publicKey: string,
): Promise<void> {
  const { release } = input;
  const image = imageReference(release.image.repository, release.image.digest);
  const [signature, verdicts, ...sboms] = await Promise.all([
    verifySignature(input, image, publicKey, signatureAnnotations(release.service, input.class)),
    verifiedPredicates(input, image, publicKey, 'verdict'),
    ...Object.entries(release.image.platforms).map(async ([platform, digest]) => ({
      platform,
      digest,
      predicates: await verifiedPredicates(input, imageReference(release.image.repository, digest), publicKey, 'sbom'),
    })),
  ]);
  if (!signature.ok) {
    refuseUnsigned(signature);
  }
  const wanted = digestOf(canonicalJson(verdictPredicate(release)));
  if (!verdicts.some((predicate) => digestOf(canonicalJson(predicate)) === wanted)) {
    throw rejected(
      'no-verdict',
      `${image}: no verdict attestation by the key of ${input.class} says what the record says (${verdicts.length} others found)`,
    );
  }
  if (release.verdict.outcome !== 'passed') {
    throw rejected('verdict-not-passed', `${image}: the verdict is ${release.verdict.outcome}`);
  }
  for (const { platform, digest, predicates } of sboms) {
    requireSbom(release, platform, digest, predicates);
  }
}

/** Not any SBOM will do, but the one that was scanned: an old good one beside a new empty one proves nothing. */
function requireSbom(
  release: Signed | Promoted,
  platform: string,
  image: Digest,
  predicates: readonly unknown[],
): void {
  const recorded = release.sboms[platform];
  if (!recorded) {
    throw rejected('no-sbom', `the record has no SBOM of ${platform}`);
  }
  const text = predicates.map(canonicalJson).find((candidate) => digestOf(candidate) === recorded.digest);
  if (text === undefined) {
    throw rejected(
      'no-sbom',
      `${platform} (${image}): no attested SBOM is the one that was scanned (${recorded.digest}; ${predicates.length} others found)`,
    );
  }
  const checked = checkSbom(text, image);
  if (!checked.ok) {
    throw rejected(checked.problem.code, `${platform}: ${checked.problem.message}`);
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
      databases: [...new Set(release.verdict.databases.map(({ scanner, origin }) => `${scanner}: ${origin}`))].sort(),
      signedBy,
    },
  };
}
