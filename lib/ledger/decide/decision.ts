import type { CommitMessage } from '../git/commit-message';

/** Why a change is refused. Stable, machine-readable codes. */
export type RefusalCode =
  /** The service has no description in the environment. */
  | 'service-not-published'
  /** A file of the ledger cannot be parsed. */
  | 'malformed-input'
  /** Another version of Bowline wrote the manifests, and the position of the image in them is ambiguous. */
  | 'manifests-unclear'
  /** Another writer changed the running release after the change was first decided. */
  | 'superseded'
  /** The ledger contains a service or an environment that the catalog no longer contains. */
  | 'would-remove'
  /** The catalog still contains what the user asked to remove. */
  | 'still-there'
  /** A promotion would replace the release at HEAD with an older one. */
  | 'older-release'
  /** The history has no earlier release. */
  | 'no-earlier-release'
  /** The requested release is not in the history of the ledger, or its digest prefix is ambiguous. */
  | 'unknown-release';

/** The change that a writer makes to the ledger at HEAD. Pure: the same HEAD results in the same decision. */
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
  /** What is wrong and what to do. */
  readonly reason: string;
}

export function refuse(code: RefusalCode, reason: string): Refusal {
  return { kind: 'refuse', code, reason };
}
