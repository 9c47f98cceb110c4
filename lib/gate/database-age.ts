import type { Verdict, VulnerabilityDatabase } from '../release';
import { durationSeconds } from '../values';
import { databaseTimeOf, type Scanner } from './observation';

/** Clocks of two machines may differ by this much. */
const clockSkewSeconds = 5 * 60;

/**
 * The Go vulnerability database names the time of its newest change only (https://vuln.go.dev/index/db.json). From 2022 to 2026 the longest time without
 * a change was 35 days (June 2025: history of data/osv in github.com/golang/vulndb). One that is older than this is a copy that nobody updates.
 */
const newestAdvisoryMaxAge = '60d';

/**
 * Why a database is no evidence at a time: it is too old, from the future, or of an unknown age.
 * @param maxAge `findings.databaseMaxAge` of the platform
 */
export function databaseProblem(
  { scanner, builtAt }: Pick<VulnerabilityDatabase, 'scanner' | 'builtAt'>,
  maxAge: string,
  now: Date,
): Verdict['reasons'][number] | undefined {
  const age = (now.getTime() - Date.parse(builtAt)) / 1000;
  if (age < -clockSkewSeconds) {
    return {
      code: 'future-database',
      message: `the database of ${scanner} is from ${builtAt}, which is later than now (${now.toISOString()}): the clock of this machine is wrong, or the database is not the feed's`,
    };
  }
  const allowed = databaseTimeOf(scanner as Scanner) === 'newest-advisory' ? newestAdvisoryMaxAge : maxAge;
  return age <= durationSeconds(allowed)
    ? undefined
    : {
        code: 'stale-database',
        message: `the database of ${scanner} is from ${builtAt || 'an unknown time'}; ${allowed === maxAge ? `the policy allows at most ${allowed}` : `its newest advisory may be at most ${allowed} old`}`,
      };
}
