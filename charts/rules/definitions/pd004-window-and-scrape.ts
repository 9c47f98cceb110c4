import { findCanaries, readMetrics, readScrapeSeconds } from '../manifests/canaries';
import { parseSeconds } from '../manifests/duration';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const windowAndScrape: Rule = {
  id: 'PD004',
  title: 'A window covers four scrapes, and at least two',
  why: 'rate() over fewer than two samples has no value, and a check without a value fails: Flagger rolls back a healthy release. A window of four scrapes tolerates a lost one.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const scrapeSeconds = readScrapeSeconds(canary, objects);
      return scrapeSeconds === undefined ? [] : checkWindows(canary, scrapeSeconds);
    }),
};

function checkWindows(canary: LocatedObject, scrapeSeconds: number): readonly Finding[] {
  return readMetrics(canary).flatMap(({ path, interval }): readonly Finding[] => {
    const windowSeconds = parseSeconds(interval);
    if (windowSeconds === undefined || windowSeconds >= 4 * scrapeSeconds) {
      return [];
    }
    const mayHoldOneSample = windowSeconds < 2 * scrapeSeconds;
    const effect = mayHoldOneSample
      ? 'may hold a single sample, and then the check fails'
      : 'does not tolerate a lost scrape';
    return [
      {
        object: canary,
        path: [...path, 'interval'],
        level: mayHoldOneSample ? 'error' : 'warning',
        message: `a window of ${windowSeconds} s with a scrape every ${scrapeSeconds} s ${effect}: set the window to ${4 * scrapeSeconds}s, or scrape more often`,
      },
    ];
  });
}
