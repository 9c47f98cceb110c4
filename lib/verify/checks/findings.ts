import { describeFinding, judgeSignedFindings } from '../../gate';
import { type Check, failed, passed, skipped, verdictCheck } from '../check';

/** What the policy of today blocks is not released, whatever the policy of the scan was. */
export const findingsCheck: Check = verdictCheck(
  'findings',
  "Today's policy blocks no finding of the verdict",
  ['finding-blocks', 'expired-risk'],
  ({ verdict: { findings, policy } }, { expected: { catalog }, now }) => {
    if (catalog === undefined) {
      return skipped(
        `${findings.length} findings, judged by the policy ${policy}; the catalog has the policy of today`,
      );
    }
    const { blocking, expired } = judgeSignedFindings(findings, catalog.policy, now);
    const [first] = blocking;
    if (first === undefined) {
      return passed(`${findings.length} findings, none blocks`);
    }
    return failed(
      expired.length > 0 ? 'expired-risk' : 'finding-blocks',
      `today's policy blocks ${blocking.length} of ${findings.length} findings: ${[...blocking.map(describeFinding), ...expired].join('; ')}`,
    );
  },
);
