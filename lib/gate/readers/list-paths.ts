const maxPaths = 10;

/** What a terminal or a log can take for something else than text: controls, formats such as the direction of writing, and line ends. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/**
 * The first paths or names of a list, for an error message: a publication can have thousands. They come from a source or an image, so that characters
 * that are no text are escaped.
 */
export function listPaths(paths: readonly string[]): string {
  const more = paths.length - maxPaths;
  return `${paths.slice(0, maxPaths).map(escaped).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function escaped(path: string): string {
  return path.replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
