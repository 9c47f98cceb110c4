/**
 * Parses the output of `git cat-file --batch` (git-cat-file(1)): one text per name. Undefined for a missing object, for one that is not a file, and
 * for one whose content is cut off because git stopped.
 */
export function parseObjects(output: Buffer): readonly (string | undefined)[] {
  const texts: (string | undefined)[] = [];
  for (let offset = 0; offset < output.length; ) {
    const end = output.indexOf('\n', offset);
    if (end < 0) {
      break;
    }
    const [, type, digits] = /^[0-9a-f]+ ([a-z]+) ([0-9]+)$/.exec(output.toString('utf8', offset, end)) ?? [];
    const start = end + 1;
    if (digits === undefined) {
      texts.push(undefined);
      offset = start;
      continue;
    }
    const stop = start + Number(digits);
    texts.push(type === 'blob' && stop <= output.length ? output.toString('utf8', start, stop) : undefined);
    offset = stop + 1;
  }
  return texts;
}
