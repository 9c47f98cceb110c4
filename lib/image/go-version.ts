/** Parses the version in the go line of a go.mod, such as `1.26`. */
export function parseGoVersion(goMod: string): string | undefined {
  return /^go[ \t]+([0-9]+\.[0-9]+(?:\.[0-9]+|rc[0-9]+|beta[0-9]+)?)[ \t]*(?:\/\/.*)?\r?$/m.exec(goMod)?.[1];
}

/** A builder whose Go is older than a module requires. */
export interface GoVersionMismatch {
  readonly service: string;
  /** `go.mod`, or a required module. */
  readonly requiredBy: string;
  readonly required: string;
  readonly available: string;
}

/**
 * Checks whether go.mod requires a newer Go than the builder has. Builders do not download another toolchain (GOTOOLCHAIN=local), so that the
 * platform determines the compiler.
 * @param available the Go version of the builder, such as `go1.26.8`. A development version without a number counts as new enough.
 */
export function checkGoVersion(service: string, goMod: string, available: string): GoVersionMismatch | undefined {
  const required = parseGoVersion(goMod);
  const requiredNumbers = parseNumbers(required ?? '');
  const availableNumbers = parseNumbers(available);
  if (required === undefined || requiredNumbers === undefined || availableNumbers === undefined) {
    return undefined;
  }
  const differences = requiredNumbers.map((number, index) => number - (availableNumbers[index] ?? 0));
  const firstDifference = differences.find((difference) => difference !== 0) ?? 0;
  return firstDifference > 0
    ? { service, requiredBy: 'go.mod', required, available: available.replace(/^go/, '') }
    : undefined;
}

/** @param remedy how to get a builder with a newer Go */
export function describeGoVersionMismatch(
  { service, requiredBy, required, available }: GoVersionMismatch,
  remedy: string,
): string {
  return `${service}: ${requiredBy} requires Go ${required} or newer, but the builder has Go ${available}: ${remedy}, or lower the required version (go mod edit -go=${available})`;
}

function parseNumbers(version: string): readonly number[] | undefined {
  const [, major, minor, patch = '0'] = /^(?:go)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : [major, minor, patch].map(Number);
}
