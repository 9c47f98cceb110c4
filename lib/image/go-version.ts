import type { SourceFacts } from './source/facts';
import { joinPaths } from './source/layout';

/** A builder whose Go is older than a module requires. */
export interface GoVersionMismatch {
  readonly service: string;
  /** `go.mod`, or a required module. */
  readonly requiredBy: string;
  readonly required: string;
  readonly available: string;
}

/**
 * Checks whether go.mod, go.work or another module of the repository requires a newer Go than the builder has. Builders do not download another
 * toolchain (GOTOOLCHAIN=local), so that the platform determines the compiler.
 * @param available the Go version of the builder, such as `go1.26.8`. A development version without a number counts as new enough.
 */
export function checkGoVersion(service: string, facts: SourceFacts, available: string): GoVersionMismatch | undefined {
  const { workspace, mode } = facts;
  const lines = [
    ...facts.localModules.map(({ directory, go }) => ({ file: joinPaths(directory, 'go.mod'), go })),
    ...(mode.startsWith('workspace') && workspace !== undefined ? [{ file: workspace.file, go: workspace.go }] : []),
  ];
  const newest = lines.find(({ go }) => go !== undefined && isNewer(go, available));
  return newest?.go === undefined
    ? undefined
    : { service, requiredBy: newest.file, required: newest.go, available: available.replace(/^go/, '') };
}

function isNewer(required: string, available: string): boolean {
  const [requiredNumbers, availableNumbers] = [parseNumbers(required), parseNumbers(available)];
  if (requiredNumbers === undefined || availableNumbers === undefined) {
    return false;
  }
  const differences = requiredNumbers.map((number, index) => number - (availableNumbers[index] ?? 0));
  return (differences.find((difference) => difference !== 0) ?? 0) > 0;
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
