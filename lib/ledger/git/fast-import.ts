import { type CommitMessage, commitMessageText, oneLine } from './commit-message';
import type { CommitIdentity } from './location';

/** The content of a commit. */
export interface CommitContent {
  readonly files: ReadonlyMap<string, string>;
  readonly deletes: readonly string[];
  readonly message: CommitMessage;
}

export interface FastImportCommit {
  readonly ref: string;
  readonly parent: string | undefined;
  /** Another commit that the new one follows, so that a push to its branch is a fast-forward. The content is that of `parent` with the changes. */
  readonly follows?: string;
  readonly content: CommitContent;
  readonly identity: CommitIdentity;
  /** Unix time in seconds. */
  readonly time: number;
}

/**
 * Renders the input of `git fast-import` that creates one commit on a ref (git-fast-import(1)). Texts are length-prefixed, so that their
 * content cannot add commands. Paths follow the ledger layout and need no quoting.
 */
export function fastImportStream({ ref, parent, follows, content, identity, time }: FastImportCommit): string {
  const signature = `${sanitizeIdentity(identity.name)} <${sanitizeIdentity(identity.email)}> ${time} +0000`;
  return [
    'feature done\n',
    `commit ${ref}\nauthor ${signature}\ncommitter ${signature}\n`,
    data(commitMessageText(content.message)),
    parent === undefined ? '' : `from ${parent}\n`,
    follows === undefined ? '' : `merge ${follows}\n`,
    ...content.deletes.map((path) => `D ${path}\n`),
    ...[...content.files].flatMap(([path, text]) => [`M 100644 inline ${path}\n`, data(text)]),
    'done\n',
  ].join('');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Prevents a name or an address from ending the identity or the line. */
function sanitizeIdentity(text: string): string {
  return oneLine(text.replace(/[<>]/g, ''), 100) || 'bowline';
}
