/** The message of a ledger commit: a subject and a body for people, and trailers for machines. */
export interface CommitMessage {
  /** The action and its object, such as `Promote hello to dev: 1f2e3d4c5b6a`. */
  readonly subject: string;
  /** Paragraphs. */
  readonly body?: readonly string[];
  /** Such as `Service`, `Environment`, `Image-Digest`, `Source-Commit`. */
  readonly trailers: Readonly<Record<string, string | undefined>>;
}

/** The command that created a commit. */
export type ChangeKind = 'promote' | 'publish' | 'rollback';

/** The trailer that contains the {@link ChangeKind}. */
export const changeTrailer = 'Bowline-Change';

/** Renders a commit message. A value cannot add lines, paragraphs or trailers. */
export function commitMessageText(message: CommitMessage): string {
  const trailers = Object.entries(message.trailers).flatMap(([key, value]) => {
    const text = value === undefined ? '' : oneLine(value, 300);
    return text === '' ? [] : [`${key.replace(/[^A-Za-z-]/g, '')}: ${text}`];
  });
  const paragraphs = [
    oneLine(message.subject, 120) || 'Change the ledger',
    ...(message.body ?? []).map((paragraph) => oneLine(paragraph, 1000)).filter((paragraph) => paragraph !== ''),
    ...(trailers.length === 0 ? [] : [trailers.join('\n')]),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** Reduces a text to one line of at most `limit` characters, without control and format characters. */
export function oneLine(text: string, limit: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
