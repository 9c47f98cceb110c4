import { canaries, parseSeconds, readMetrics, readScrapeSeconds } from '../manifests/canaries';
import type { Rule } from '../rule';

export const windowAndScrape: Rule = {
  id: 'PD004',
  title: 'A window holds four scrapes, and never fewer than two',
  why: 'rate() over fewer than two samples has no value, and no value is a failed check: a healthy release is rolled back. Four samples bear one that is lost.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const scrape = readScrapeSeconds(canary, objects);
      return scrape === undefined
        ? []
        : readMetrics(canary).flatMap(({ path, interval }) => {
            const window = parseSeconds(interval);
            if (window === undefined || window >= 4 * scrape) {
              return [];
            }
            const few = window < 2 * scrape;
            return [
              {
                object: canary,
                path: [...path, 'interval'],
                level: few ? ('error' as const) : ('warning' as const),
                message: `a window of ${window} s at a scrape every ${scrape} s ${few ? 'may hold one sample, and then every check fails' : 'bears no lost scrape'}: ${4 * scrape}s, or scrape more often`,
              },
            ];
          });
    }),
};
