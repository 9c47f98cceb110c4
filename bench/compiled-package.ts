/** The package name if a progress line of BuildKit contains nothing else: `go build -v` prints each package that it compiles. */
export function compiledPackage(line: string): string | undefined {
  return /^#\d+ [\d.]+ ([a-z][\w.-]*(?:\/[\w.~-]+)*)$/.exec(line)?.[1];
}
