/** The package that a line of BuildKit's progress names and nothing else: what "go build -v" says of a package that it compiles. */
export function compiledPackage(line: string): string | undefined {
  return /^#\d+ [\d.]+ ([a-z][\w.-]*(?:\/[\w.~-]+)*)$/.exec(line)?.[1];
}
