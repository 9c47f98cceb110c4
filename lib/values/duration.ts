const grammar = /^([1-9][0-9]*)(ms|s|m|h|d)$/;
const milliseconds: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

export function isDuration(text: string): boolean {
  return grammar.test(text);
}

/** Converts a duration such as `500ms`, `20s`, `2m` or `5d` to seconds. @throws Error on another form */
export function durationSeconds(text: string): number {
  const match = grammar.exec(text);
  if (!match) {
    throw new Error(
      `a duration must be a number with a unit ms, s, m, h or d, such as 500ms, got: ${JSON.stringify(text)}`,
    );
  }
  return (Number(match[1]) * (milliseconds[match[2] as string] as number)) / 1000;
}
