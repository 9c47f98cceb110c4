import type { Decision } from '../../iam/evaluate';
import type { JudgedCall } from '../judge/documents';
import { judge, requestContext } from '../judge/judge';
import type { Call } from './call';
import type { DeployedPolicies } from './deployed-policies';
import type { Principal } from './sessions';

/** A call with the judgement about it. */
export interface RecordedCall extends JudgedCall {
  readonly decision: Decision;
}

/** Records the calls of roles, and judges each by the policies that are deployed at that time. */
export class Recorder {
  readonly calls: RecordedCall[] = [];
  /** Requests that the tables do not know, or that nobody signed. */
  readonly problems: string[] = [];

  constructor(private readonly policies: DeployedPolicies) {}

  /** @returns the first call that is denied, or undefined */
  async judge(principal: Principal, calls: readonly Call[]): Promise<RecordedCall | undefined> {
    if (principal.kind === 'unjudged') {
      return undefined;
    }
    for (const call of calls) {
      const judged: JudgedCall = {
        role: principal.arn,
        action: call.action,
        resource: call.resource,
        context: { ...requestContext(this.policies.account), ...call.context },
        documents: {
          ...(await this.policies.role(principal.arn)),
          resource: await this.policies.resource(call.resource),
        },
      };
      const decision = judge(judged);
      const recorded = { ...judged, decision };
      this.calls.push(recorded);
      if (decision !== 'allowed') {
        return recorded;
      }
    }
    return undefined;
  }
}
