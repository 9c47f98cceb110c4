import { type CommitMessage, commitMessageText, oneLine } from './commit-message';
import type { CommitIdentity } from './location';

/** One commit: what it writes, what it takes away, what it says. */
export interface CommitContent {
  readonly files: ReadonlyMap<string, string>;
  readonly deletes: readonly string[];
  readonly message: CommitMessage;
}

/**
 * The input of `git fast-import` that makes one commit on a ref (git-fast-import(1)). Everything that is not ours to spell is
 * length-prefixed; paths are those of the ledger's layout, which need no quotation marks.
 * @param seconds time of the commit, since 1970.
 */
export function fastImportStream(
  ref: string,
  parent: string | undefined,
  content: CommitContent,
  identity: CommitIdentity,
  seconds: number,
): string {
  const who = `${identityPart(identity.name)} <${identityPart(identity.email)}> ${seconds} +0000`;
  return [
    'feature done\n',
    `commit ${ref}\nauthor ${who}\ncommitter ${who}\n`,
    data(commitMessageText(content.message)),
    parent === undefined ? '' : `from ${parent}\n`,
    ...content.deletes.map((path) => `D ${path}\n`),
    ...[...content.files].flatMap(([path, text]) => [`M 100644 inline ${path}\n`, data(text)]),
    'done\n',
  ].join('');
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** A name or address can't end the identity, nor the line. */
function identityPart(text: string): string {
  return oneLine(text.replace(/[<>]/g, ''), 100) || 'bowline';
}
