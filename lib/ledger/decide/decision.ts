import type { CommitMessage } from '../git/commit-message';

/** Why a change is refused. Stable, for machines. */
export type RefusalCode =
  /** The service has no description in that environment. */
  | 'service-not-published'
  /** A file of the ledger can't be read. */
  | 'malformed-input'
  /** The manifests were written by another version, and it is not beyond doubt where the image stands in them. */
  | 'manifests-unclear'
  /** Another writer has changed the same thing since the change was judged first. */
  | 'superseded'
  /** The ledger has something that the catalog no longer has. */
  | 'would-remove'
  /** Told to remove what is not to be removed. */
  | 'still-there'
  /** No release to go back to. */
  | 'no-earlier-release'
  /** The release named is not in the ledger's history, or not uniquely. */
  | 'unknown-release';

/** What a writer makes of the ledger at HEAD. Decisions are pure: the same HEAD, the same decision. */
export type Decision<Detail> =
  | {
      readonly kind: 'write';
      readonly files: ReadonlyMap<string, string>;
      readonly deletes: readonly string[];
      readonly message: CommitMessage;
      readonly notes: readonly string[];
      readonly detail: Detail;
    }
  | { readonly kind: 'nothing'; readonly reason: string; readonly notes: readonly string[]; readonly detail: Detail }
  | Refusal;

export interface Refusal {
  readonly kind: 'refuse';
  readonly code: RefusalCode;
  /** What is wrong, and what to do now. */
  readonly reason: string;
}

export function refuse(code: RefusalCode, reason: string): Refusal {
  return { kind: 'refuse', code, reason };
}
