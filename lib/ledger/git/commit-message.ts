/** What a ledger commit says: for people above, for machines in the trailers. */
export interface CommitMessage {
  /** What happened to what, such as `Promote hello to dev: 1f2e3d4c5b6a`. */
  readonly subject: string;
  /** One paragraph each. */
  readonly body?: readonly string[];
  /** Such as `Service`, `Environment`, `Image-Digest`, `Source-Commit`. */
  readonly trailers: Readonly<Record<string, string | undefined>>;
}

/** Which of the ledger's writers made a commit. */
export type ChangeKind = 'promote' | 'publish' | 'rollback';

/** The trailer that says which writer made a commit. */
export const changeTrailer = 'Bowline-Change';

/** The text of a commit message. Values can't add lines, paragraphs or trailers of their own. */
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

/** Text on one line, without control and direction characters, at most `limit` characters. */
export function oneLine(text: string, limit: number): string {
  const line = text
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return line.length <= limit ? line : `${line.slice(0, limit - 1).trimEnd()}…`;
}
