import { durationSeconds } from '../values';

/** The last day that a risk may be accepted until, such as `2027-05-29`. @param longest a duration, such as `180d` */
export function latestExpiry(longest: string, now: Date): string {
  return new Date(now.getTime() + durationSeconds(longest) * 1000).toISOString().slice(0, 10);
}
