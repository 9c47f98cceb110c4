const maxPaths = 10;

/** The first paths of a list, for an error message: a publication can have thousands. */
export function listPaths(paths: readonly string[]): string {
  const more = paths.length - maxPaths;
  return `${paths.slice(0, maxPaths).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
