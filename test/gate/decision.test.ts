import { describeFinding, type FindingsPolicy, inconclusiveReport, policyFor, reportOn } from '../../lib/gate';
import { byDesign } from '../../lib/gate/by-design';
import type { MergedObservation } from '../../lib/gate/merge-observations';
import { decide } from '../../lib/gate/verdict';
import type { Finding } from '../../lib/release';
import { defaultFindings, observation } from './report-fixtures';

const found: MergedObservation = { ...observation, sources: ['grype'] };
const policy = policyFor(defaultFindings, [], 'hello');
const called = { sources: ['grype', 'govulncheck'], reachable: true } as const;
const uncalled = { sources: ['grype', 'govulncheck'], reachable: false } as const;

test.each<[string, Partial<MergedObservation>, Partial<FindingsPolicy>, string, string]>([
  ['at the threshold', {}, {}, 'blocks', 'the policy blocks high and above'],
  ['above the threshold', { severity: 'critical' }, {}, 'blocks', 'the policy blocks high and above'],
  ['below the threshold', { severity: 'medium' }, {}, 'allowed', 'below high'],
  ['that is negligible', { severity: 'negligible' }, { block: 'low' }, 'allowed', 'below low'],
  ['of unknown severity', { severity: 'unknown' }, {}, 'blocks', 'unknown severity counts as high'],
  ['of unknown severity that counts less', { severity: 'unknown' }, { unknown: 'low' }, 'allowed', 'below high'],
  ['that is called', { ...called, severity: 'low' }, {}, 'blocks', 'the vulnerable function is called'],
  [
    'that is called where this is no reason',
    { ...called, severity: 'low' },
    { reachable: 'by-severity' },
    'allowed',
    'below high',
  ],
  [
    'of unknown severity that is called where this is no reason',
    { ...called, severity: 'unknown' },
    { reachable: 'by-severity' },
    'blocks',
    'unknown severity counts as high',
  ],
  [
    'of unknown severity without a call',
    { ...uncalled, severity: 'unknown' },
    {},
    'allowed',
    'the vulnerable function is not called',
  ],
  [
    'of a known severity without a call',
    { ...uncalled, severity: 'high' },
    {},
    'blocks',
    'the policy blocks high and above',
  ],
])('a finding %s', (_, changes, policyChanges, decision, reason) => {
  expect(decide({ ...found, ...changes }, { ...policy, ...policyChanges })).toEqual({
    ...found,
    ...changes,
    decision,
    reason,
  });
});

test('only a misconfiguration is by design, in its file and by its check', () => {
  for (const { checks, package: file, reason } of byDesign) {
    for (const id of checks) {
      const misconfiguration = { ...found, id, package: file, title: 'a title' };
      expect(decide(misconfiguration, policy)).toMatchObject({ decision: 'accepted', reason: `by design: ${reason}` });
      expect(decide({ ...misconfiguration, title: undefined }, policy).decision).toBe('blocks');
      expect(decide({ ...misconfiguration, id: `${id}0` }, policy).decision).toBe('blocks');
      expect(decide({ ...misconfiguration, package: `other/${file}` }, policy).decision).toBe('blocks');
    }
  }
});

const finding: Finding = { ...observation, aliases: [], sources: ['grype'], decision: 'blocks', reason: 'because' };
test.each<[Partial<Finding>, string]>([
  [{}, 'GHSA-w32m-9786-jp63 (high) in golang.org/x/net v0.32.0, fixed in 0.33.0: because'],
  [
    { aliases: ['CVE-2024-45338', 'GO-2024-3333'], fixedIn: undefined },
    'GHSA-w32m-9786-jp63 / CVE-2024-45338 / GO-2024-3333 (high) in golang.org/x/net v0.32.0, no fix is known: because',
  ],
  [
    { title: 'a title', package: 'Dockerfile', version: '' },
    'GHSA-w32m-9786-jp63 (high) in Dockerfile, a title: because',
  ],
  [
    { title: 'a title', package: 'deployment.yaml', version: 'dev: Pod.a' },
    'GHSA-w32m-9786-jp63 (high) in deployment.yaml (dev: Pod.a), a title: because',
  ],
])('a finding with %j is described in a line', (changes, line) => {
  expect(describeFinding({ ...finding, ...changes })).toBe(line);
});

test('a report has what it is about, and names it if it cannot be used', () => {
  const good = { ok: true, scanner: 'grype', observations: [] } as const;
  expect(reportOn('linux/amd64', good)).toEqual({ ...good, subject: 'linux/amd64' });
  const bad = inconclusiveReport('grype', 'empty-report', 'it is empty');
  expect(bad).toEqual({ ok: false, scanner: 'grype', code: 'empty-report', message: 'it is empty' });
  expect(reportOn('linux/amd64', bad)).toEqual({ ...bad, subject: 'linux/amd64', message: 'linux/amd64: it is empty' });
});
