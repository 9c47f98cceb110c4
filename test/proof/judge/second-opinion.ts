import { runSimulation } from '@cloud-copilot/iam-simulate';
import type { Decision } from '../../iam/evaluate';
import type { JudgedCall } from './documents';
import { requestContext } from './judge';

const everywhere: ReadonlySet<string> = new Set(Object.keys(requestContext('')));

const decisions = {
  Allowed: 'allowed',
  ExplicitlyDenied: 'denied explicitly',
  ImplicitlyDenied: 'denied',
} as const;

/**
 * The same judgement by `@cloud-copilot/iam-simulate`, which shares no code with ours.
 * @throws Error for a request or a policy that it rejects, and for a condition key that it ignores: then it would have judged something else
 */
export async function secondOpinion(call: JudgedCall): Promise<Decision> {
  const { role, action, resource, context, documents } = call;
  const result = await runSimulation(
    {
      request: {
        principal: role,
        action,
        resource: { resource, accountId: role.split(':')[4] ?? '' },
        contextVariables: contextOf(call),
      },
      identityPolicies: Object.entries(documents.identity).map(([name, policy]) => ({ name, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(documents.resource === undefined ? {} : { resourcePolicy: documents.resource }),
      ...(documents.boundary === undefined
        ? {}
        : { permissionBoundaryPolicies: [{ name: 'boundary', policy: documents.boundary }] }),
    },
    {},
  );
  if (result.resultType === 'error') {
    throw new Error(`iam-simulate rejects ${action} on ${resource}: ${JSON.stringify(result.errors)}`);
  }
  const ignored = result.resultType === 'single' ? (result.result.ignoredContextKeys ?? []) : [];
  // Some keys are in every request here, whatever the service.
  const unexpected = ignored.filter((key) => context[key] !== undefined && !everywhere.has(key));
  if (unexpected.length > 0) {
    throw new Error(`iam-simulate ignores ${unexpected.join(', ')} for ${action}: ${JSON.stringify(context)}`);
  }
  if (
    result.overallResult !== 'Allowed' &&
    result.overallResult !== 'ExplicitlyDenied' &&
    result.overallResult !== 'ImplicitlyDenied'
  ) {
    throw new Error(`iam-simulate has no decision for ${action} on ${resource}: ${result.overallResult}`);
  }
  return decisions[result.overallResult];
}

/** Keys with several values. */
const lists: ReadonlySet<string> = new Set(['kms:ResourceAliases', 'events:source', 'events:detail-type']);

function contextOf({ role, context }: JudgedCall): Readonly<Record<string, string | string[]>> {
  return {
    'aws:PrincipalArn': role,
    ...Object.fromEntries(
      Object.entries(context).map(([key, value]) => [key, lists.has(key) ? value.split(',') : value]),
    ),
  };
}
