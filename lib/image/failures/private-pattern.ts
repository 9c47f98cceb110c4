/**
 * Whether one of some patterns covers the path of a module, as GOPRIVATE does: a pattern matches the first elements of the path
 * (https://pkg.go.dev/golang.org/x/mod/module#MatchPrefixPatterns).
 */
export function isPrivate(patterns: readonly string[], path: string): boolean {
  const elements = path.split('/');
  return patterns.some((pattern) => {
    const parts = pattern.split('/');
    return parts.length <= elements.length && parts.every((part, index) => matchesPattern(part, elements[index] ?? ''));
  });
}

/** Whether a pattern covers one element of a path, such as its host. Wildcards are `*` and `?`. */
export function matchesPattern(pattern: string, element: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '[^/]*')
    .replaceAll('?', '[^/]');
  return new RegExp(`^${expression}$`).test(element);
}
