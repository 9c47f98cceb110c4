const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** Parses a duration as Go and Prometheus write it, such as `90s`, `1m30s` or `0s`; undefined for anything else. */
export function parseSeconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(value)) {
    return undefined;
  }
  let seconds = 0;
  for (const [, number, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    seconds += Number(number) * (unitSeconds[unit ?? ''] ?? 0);
  }
  return seconds;
}
