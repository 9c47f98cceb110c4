/** The number of edits (insert, delete, replace, swap adjacent characters) that turn `a` into `b`. */
function editDistance(a: string, b: string): number {
  const rows = Array.from({ length: a.length + 1 }, (_, i) => [i, ...new Array<number>(b.length).fill(0)]);
  const at = (i: number, j: number) =>
    i < 0 || j < 0 ? Number.POSITIVE_INFINITY : ((rows[i] as number[])[j] as number);
  for (let j = 1; j <= b.length; j++) {
    (rows[0] as number[])[j] = j;
  }
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const replaceCost = a[i - 1] === b[j - 1] ? 0 : 1;
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? at(i - 2, j - 2) + 1 : Number.POSITIVE_INFINITY;
      (rows[i] as number[])[j] = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + replaceCost, swapped);
    }
  }
  return at(a.length, b.length);
}

/** The candidate that the user most likely meant, if one is similar enough to suggest. */
export function nearMiss(text: string, candidates: readonly string[]): string | undefined {
  const lower = text.toLowerCase();
  const withSharedPrefix = candidates.filter(
    (candidate) =>
      candidate.length >= 3 && (lower.startsWith(candidate.toLowerCase()) || candidate.toLowerCase().startsWith(lower)),
  );
  if (withSharedPrefix.length === 1 && lower.length >= 3) {
    return withSharedPrefix[0];
  }
  const ranked = candidates
    .map((candidate) => ({ candidate, distance: editDistance(lower, candidate.toLowerCase()) }))
    .filter(
      ({ candidate, distance }) => distance <= Math.max(1, Math.floor(Math.max(candidate.length, text.length) / 3)),
    )
    .sort((a, b) => a.distance - b.distance || (a.candidate < b.candidate ? -1 : 1));
  return ranked[0]?.candidate;
}

/** Corrects the unit of a misspelled memory quantity, such as `2Gb`, `512MB` or `1gib`. */
export function nearMemory(text: string): string | undefined {
  const match = /^([1-9][0-9]*)\s*([kmg])i?b?$/i.exec(text.trim());
  return match ? `${match[1]}${(match[2] as string).toUpperCase()}i` : undefined;
}
