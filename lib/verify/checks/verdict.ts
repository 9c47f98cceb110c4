import { readVerdictPredicate, verdictPredicate } from '../../release';
import { canonicalJson, durationSeconds } from '../../values';
import { type Check, clockSkewSeconds, failed, passed, skipped, unknown, verdictCheck } from '../check';
import { signedVerdicts } from '../signed-verdicts';

/** A verdict that the key signed about this digest. */
export const signedVerdictCheck: Check = {
  id: 'verdict',
  title: 'The key signed a verdict about this digest',
  codes: ['no-verdict', 'verdict-malformed'],
  run: ({ facts: { verdicts } }) => {
    if (verdicts.kind === 'unknown') {
      return unknown('evidence-unreadable', verdicts.message);
    }
    if (verdicts.kind === 'not-signed') {
      return failed('no-verdict', 'the image has no verdict by this key');
    }
    // A malformed verdict could be the latest one: it is not passed over.
    const malformed = verdicts.values.map(readVerdictPredicate).find((read) => !read.ok);
    return malformed !== undefined && !malformed.ok
      ? failed('verdict-malformed', `a signed verdict is malformed at ${malformed.message}`)
      : passed(`${verdicts.values.length} signed`);
  },
};

/** The record is what was signed. */
export const recordCheck: Check = {
  id: 'record',
  title: 'The release record claims what is signed',
  codes: ['no-verdict'],
  run: ({ facts: { verdicts }, expected: { record } }) => {
    if (record === undefined) {
      return skipped('there is no release record to compare with');
    }
    const claimed = canonicalJson(verdictPredicate(record));
    const values = verdicts.kind === 'signed' ? verdicts.values : [];
    return values.some((value) => canonicalJson(value) === claimed)
      ? passed('the record is what was signed')
      : failed('no-verdict', `none of ${values.length} signed verdicts matches the release record`);
  },
};

export const outcomeCheck: Check = verdictCheck(
  'outcome',
  'The verdict is passed',
  ['verdict-not-passed'],
  ({ verdict: { outcome, reasons } }) =>
    outcome === 'passed'
      ? passed('passed')
      : failed('verdict-not-passed', `the verdict is ${outcome}: ${reasons.map(({ code }) => code).join(', ')}`),
);

/** The time of the scan is neither too long ago nor to come. */
export const verdictAgeCheck: Check = verdictCheck(
  'verdict-age',
  'The verdict is recent',
  ['stale-verdict', 'future-verdict'],
  ({ scannedAt }, { expected: { catalog }, now }) => {
    const age = (now.getTime() - Date.parse(scannedAt)) / 1000;
    if (age < -clockSkewSeconds) {
      return failed('future-verdict', `the scan is from ${scannedAt}, which is later than now (${now.toISOString()})`);
    }
    if (catalog === undefined) {
      return skipped(`scanned at ${scannedAt}; the catalog says how old a verdict may be`);
    }
    return age <= durationSeconds(catalog.policy.verdictMaxAge)
      ? passed(`scanned at ${scannedAt}`)
      : failed(
          'stale-verdict',
          `the scan is from ${scannedAt}; the catalog allows at most ${catalog.policy.verdictMaxAge} (findings.verdictMaxAge): run the pipeline again`,
        );
  },
);

/** A later verdict counts more than an earlier one. Of two from the same time, the worse one counts. */
export const laterVerdictCheck: Check = verdictCheck(
  'later-verdict',
  'No verdict about this digest from the same time or later is worse',
  ['verdict-superseded'],
  (judged, { facts }) => {
    const own = canonicalJson(judged);
    const worse = signedVerdicts(facts).find(
      (other) =>
        other.scannedAt >= judged.scannedAt && other.verdict.outcome !== 'passed' && canonicalJson(other) !== own,
    );
    return worse !== undefined
      ? failed(
          'verdict-superseded',
          `another scan of this digest, from ${worse.scannedAt}, is ${worse.verdict.outcome}; this one is from ${judged.scannedAt}`,
        )
      : passed('there is none');
  },
);
