/** Rounds to one decimal for display. Halves round up, including those that binary fractions store a little too low, such as 5.05. */
export function roundToTenth(value: number): number {
  return Math.round(value * 10 + 1e-6) / 10;
}
