import { BowlineError, exitCodes } from '../errors';
import type { LedgerLocation, ReleaseFile, Renderer } from '../ledger';
import type { ExpectedBuilder } from '../provenance';
import type { DatabaseOrigin, Promoted, Signed } from '../release';
import { type CommitSha, type Digest, type ImageRepository, imageReference } from '../values';
import {
  type CatalogFacts,
  readPublicKeys,
  requireVerified,
  type Verification,
  type VerifyInput,
  verify,
} from '../verify';
import type { GitHost } from './gitops/git-host';
import { type LedgerPromotionResult, promoteToLedger } from './gitops/promote-to-ledger';
import type { Reporter } from './reporter';

export interface PromoteInput {
  readonly release: Signed | Promoted;
  readonly environment: string;
  /** Class of the environment: its key must have signed. */
  readonly class: string;
  /** File of that class's public keys, PEM, the newest first: evidence by any one of them is enough. */
  readonly publicKey: string;
  readonly signatures: ImageRepository;
  /** What the catalog says about the service today. */
  readonly catalog: CatalogFacts;
  /** The commit that the pipeline releases. @default any */
  readonly commit?: CommitSha;
  /** The time of the promotion: it decides about ages and expired risks. */
  readonly now: Date;
  /**
   * Databases that a verdict may be based on: the scanners' feeds only, or the fixture database as well, which says nothing about real
   * vulnerabilities.
   * @default 'feed'
   */
  readonly databases?: DatabaseOrigin;
  /** Who must have built the image. @default any pipeline on AWS */
  readonly builder?: ExpectedBuilder;
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
 * Promotes a release to an environment: verifies the image by its evidence in the registry with a public key of the environment's class, then writes
 * the ledger. It verifies what the registry has, not what the record claims.
 * @throws BowlineError exit 2 with the code of the check that fails or the ledger's refusal, exit 1 when the registry does not answer
 */
export async function promote(input: PromoteInput): Promise<PromoteResult> {
  const { release, environment, reporter } = input;
  const verification = await verifyRelease(input);
  reporter.note(
    `verified: ${verification.checks.filter(({ outcome }) => outcome === 'passed').length} checks of ${release.image.digest} by the key of ${input.class} (${verification.key?.slice(0, 19)})`,
  );
  const result = await promoteToLedger({
    ledger: input.ledger,
    release: releaseFile(input, verification.key as Digest),
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

async function verifyRelease(input: PromoteInput): Promise<Verification> {
  const { release, catalog, commit, signatures, databases = 'feed', builder = { kind: 'codebuild' } } = input;
  const { repository, digest } = release.image;
  const verifyInput: VerifyInput = {
    location: { repository, digest, signatures },
    keys: readPublicKeys(input.publicKey),
    expected: {
      service: release.service,
      class: input.class,
      catalog,
      record: { ...release, stage: 'signed' },
      commit,
      databases,
      builder,
    },
    now: input.now,
  };
  const verification = await verify(verifyInput);
  requireVerified(verifyInput, verification);
  return verification;
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
