import type { FindingsPolicy } from '../gate';
import type { ExpectedBuilder } from '../provenance';
import type { DatabaseOrigin, Signed, VerdictPredicate } from '../release';
import type { CommitSha, GitRef, ImageRepository } from '../values';
import type { EvidenceLocation, Facts, KeyFacts } from './facts';

/** What the catalog says about the service whose image is verified. */
export interface CatalogFacts {
  readonly imageRepository: ImageRepository;
  readonly source: { readonly repository: string; readonly ref: GitRef };
  /** Today's policy for findings, with the accepted risks of the service. */
  readonly policy: FindingsPolicy;
}

/** What the evidence must agree with. */
export interface Expectations {
  /** The service. @default the one that the verdict names */
  readonly service?: string;
  /** The environment class whose key must have signed. @default the one that the signature names */
  readonly class?: string;
  /** Without it, the checks that need the catalog are skipped. */
  readonly catalog?: CatalogFacts;
  /** The record of the release that is promoted. Its claims must be what is signed. */
  readonly record?: Signed;
  /** The commit that the pipeline's control plane names. */
  readonly commit?: CommitSha;
  /** The databases that a verdict may be based on. */
  readonly databases: DatabaseOrigin;
  /** Who must have built the image. */
  readonly builder: ExpectedBuilder;
}

/** What a check looks at: the facts of one key. */
export interface Subject {
  readonly location: EvidenceLocation;
  readonly image: Facts['image'];
  readonly facts: KeyFacts;
  /** The verdict that is judged. Undefined if there is none. */
  readonly verdict: VerdictPredicate | undefined;
  readonly expected: Expectations;
  readonly now: Date;
}

export type CheckId =
  | 'image'
  | 'signature'
  | 'service'
  | 'verdict'
  | 'verdict-subject'
  | 'record'
  | 'platforms'
  | 'repository'
  | 'source'
  | 'commit'
  | 'outcome'
  | 'verdict-age'
  | 'database-origin'
  | 'database-age'
  | 'scanners'
  | 'findings'
  | 'later-verdict'
  | 'sboms'
  | 'provenance';

/** The codes of checks that fail: the evidence is missing or no good. */
export type FailureCode =
  | 'image-missing'
  | 'image-malformed'
  | 'platform-unnamed'
  | 'platform-unknown'
  | 'platform-twice'
  | 'no-signature'
  | 'key-mismatch'
  | 'other-service'
  | 'no-verdict'
  | 'verdict-malformed'
  | 'verdict-subject-mismatch'
  | 'platform-mismatch'
  | 'other-repository'
  | 'other-source'
  | 'other-ref'
  | 'other-commit'
  | 'verdict-not-passed'
  | 'stale-verdict'
  | 'future-verdict'
  | 'fixture-verdict'
  | 'stale-database'
  | 'future-database'
  | 'scanner-missing'
  | 'finding-blocks'
  | 'expired-risk'
  | 'verdict-superseded'
  | 'no-sbom'
  | 'vacuous-sbom'
  | 'sbom-unreadable'
  | 'sbom-subject-mismatch'
  | 'no-provenance'
  | 'provenance-mismatch';

/** The codes of checks without a result. */
export type UnknownCode = 'registry-mismatch' | 'registry-unreachable' | 'evidence-unreadable';

export type CheckOutcome =
  | { readonly outcome: 'passed'; readonly message: string }
  | { readonly outcome: 'failed'; readonly code: FailureCode; readonly message: string }
  | { readonly outcome: 'inconclusive'; readonly code: UnknownCode; readonly message: string }
  /** There is nothing to check against, or the check needs one that failed. */
  | { readonly outcome: 'skipped'; readonly message: string };

/** One thing that must be true of the evidence. Pure. */
export interface Check {
  readonly id: CheckId;
  /** The requirement, as a sentence. */
  readonly title: string;
  /** The codes of its failures. */
  readonly codes: readonly FailureCode[];
  readonly run: (subject: Subject) => CheckOutcome;
}

/** Clocks of two machines may differ by this much. */
export const clockSkewSeconds = 5 * 60;

export function passed(message: string): CheckOutcome {
  return { outcome: 'passed', message };
}

export function failed(code: FailureCode, message: string): CheckOutcome {
  return { outcome: 'failed', code, message };
}

export function unknown(code: UnknownCode, message: string): CheckOutcome {
  return { outcome: 'inconclusive', code, message };
}

export function skipped(message: string): CheckOutcome {
  return { outcome: 'skipped', message };
}

/** A check of the signed verdict. Without a verdict it is skipped: the check `verdict` fails then. */
export function verdictCheck(
  id: CheckId,
  title: string,
  codes: readonly FailureCode[],
  run: (verdict: VerdictPredicate, subject: Subject) => CheckOutcome,
): Check {
  return {
    id,
    title,
    codes,
    run: (subject) =>
      subject.verdict === undefined ? skipped('there is no signed verdict to check') : run(subject.verdict, subject),
  };
}
