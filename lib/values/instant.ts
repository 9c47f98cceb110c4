import type { Brand } from './brand';

/** A point in time in UTC, to the second: `2026-11-30T01:50:44Z`. */
export type Instant = Brand<'Instant'>;

const grammar = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

export function isInstant(text: string): text is Instant {
  // Date.parse accepts February 30 in some forms: only a time that is written back the same exists.
  return grammar.test(text) && !Number.isNaN(Date.parse(text)) && instantOf(new Date(text)) === text;
}

/** The second that a time is in. */
export function instantOf(time: Date): Instant {
  return `${time.toISOString().slice(0, 19)}Z` as Instant;
}
