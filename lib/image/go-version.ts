/** The version that the go line of a go.mod asks for, such as `1.26`, if it asks at all. */
export function goVersionOf(goMod: string): string | undefined {
  return /^go[ \t]+([0-9]+\.[0-9]+(?:\.[0-9]+|rc[0-9]+|beta[0-9]+)?)[ \t]*(?:\/\/.*)?\r?$/m.exec(goMod)?.[1];
}

/** Who wants which Go, and what there is. */
export interface GoShortage {
  readonly service: string;
  /** `go.mod`, or a module that is required. */
  readonly who: string;
  readonly wanted: string;
  readonly has: string;
}

/**
 * The shortage of a builder, if go.mod wants a newer Go than it has. Builders fetch no other one (GOTOOLCHAIN=local): what compiles is what
 * the platform names.
 * @param has version of the builder's Go, such as `go1.26.8`; one that is no number, of a Go in development, is taken for new enough
 */
export function goShortage(service: string, goMod: string, has: string): GoShortage | undefined {
  const wanted = goVersionOf(goMod);
  const [asked, there] = [numbersOf(wanted ?? ''), numbersOf(has)];
  if (wanted === undefined || asked === undefined || there === undefined) {
    return undefined;
  }
  const difference = asked.map((number, index) => number - (there[index] ?? 0)).find((each) => each !== 0) ?? 0;
  return difference > 0 ? { service, who: 'go.mod', wanted, has: has.replace(/^go/, '') } : undefined;
}

/** The sentence about a shortage. @param remedy how this builder becomes newer */
export function goTooOld({ service, who, wanted, has }: GoShortage, remedy: string): string {
  return `${service}: ${who} wants Go ${wanted} or newer, and the builder has Go ${has}: ${remedy}, or lower what is wanted (go mod edit -go=${has})`;
}

function numbersOf(version: string): readonly number[] | undefined {
  const [, major, minor, patch = '0'] = /^(?:go)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?/.exec(version) ?? [];
  return major === undefined || minor === undefined ? undefined : [major, minor, patch].map(Number);
}
