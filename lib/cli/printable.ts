/**
 * Control characters of C0 and C1, and those that change the direction of text: in a terminal they move the cursor, set titles or reorder a line, so that
 * text from outside (a ledger, an SBOM, the output of a tool) could forge what a command says.
 */
const unsafe = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** A line break, a tab, or the setting of a color. */
const kept = /(\n|\t|\p{Cc}\[\d{0,2}(?:;\d{1,2})*m)/u;
const escapeCharacter = '\u001b';

/** Text on one line of a terminal: everything unsafe is escaped as JSON does. */
export function printable(text: string): string {
  return text.replace(unsafe, escaped);
}

/** Text on several lines, as messages and logs have it: line breaks and tabs stay, and so do colors. */
export function printableLines(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .split(kept)
    .map((part) =>
      part === '\n' || part === '\t' || (part.startsWith(escapeCharacter) && kept.test(part)) ? part : printable(part),
    )
    .join('');
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
