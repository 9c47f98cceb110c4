import type { AcceptedRisk } from '../../lib/catalog';
import { type FindingsPolicy, judgeSignedFindings, policyFor } from '../../lib/gate';
import type { Finding } from '../../lib/release';
import { defaultFindings, now, observation } from './report-fixtures';

const finding: Finding = {
  ...observation,
  aliases: ['CVE-2024-45338'],
  sources: ['grype'],
  decision: 'accepted',
  reason: 'accepted by storefront until 2026-12-31: parses only our own pages',
};
const risk: AcceptedRisk = {
  id: 'CVE-2024-45338',
  package: 'golang.org/x/net',
  reason: 'parses only our own pages',
  owner: 'storefront',
  expires: '2026-12-31',
};
const judge = (
  findings: readonly Finding[],
  risks: readonly AcceptedRisk[],
  changes: Partial<FindingsPolicy> = {},
  at = now,
) => judgeSignedFindings(findings, { ...policyFor(defaultFindings, risks, 'hello'), ...changes }, at);

test('what was accepted then is accepted by the risks of today only', () => {
  expect(judge([finding], [risk])).toEqual({ blocking: [], expired: [] });
  expect(judge([finding], [])).toEqual({
    blocking: [{ ...finding, decision: 'blocks', reason: 'the policy blocks high and above' }],
    expired: [],
  });
});

test('what was allowed then is judged by the policy of today', () => {
  const medium = { ...finding, severity: 'medium', decision: 'allowed', reason: 'below high' } as const;
  expect(judge([medium], []).blocking).toEqual([]);
  expect(judge([medium], [], { block: 'medium' }).blocking).toMatchObject([{ decision: 'blocks' }]);
  expect(judge([finding], [], { block: 'critical' }).blocking).toEqual([]);
});

test.each<[string, Partial<AcceptedRisk>, string, RegExp]>([
  ['expired, by another ID of the finding', {}, '2027-01-01T00:00:00Z', /CVE-2024-45338 .* expired on 2026-12-31/],
  ['expired, by its own ID', { id: finding.id }, '2027-01-01T00:00:00Z', /GHSA-w32m-9786-jp63 .* expired on/],
  ['that is too long', { expires: '2028-01-01' }, '2026-11-24T12:00:00Z', /more than 180d from now/],
])('a risk %s, is named beside the finding that blocks', (_, changes, at, message) => {
  expect(judge([finding], [{ ...risk, ...changes }], {}, new Date(at))).toEqual({
    blocking: [expect.objectContaining({ id: finding.id, decision: 'blocks' })],
    expired: [expect.stringMatching(message)],
  });
});

test.each<[string, Partial<AcceptedRisk>]>([
  ['another package', { package: 'golang.org/x/crypto' }],
  ['another advisory', { id: 'CVE-2026-0001' }],
])('an expired risk of %s is not named', (_, changes) => {
  const { blocking, expired } = judge([finding], [{ ...risk, expires: '2026-11-23', ...changes }]);
  expect(blocking).toHaveLength(1);
  expect(expired).toEqual([]);
});

test('an expired risk is not named if its finding does not block', () => {
  const low = { ...finding, severity: 'low' } as const;
  expect(judge([low], [{ ...risk, expires: '2026-11-23' }])).toEqual({ blocking: [], expired: [] });
});
