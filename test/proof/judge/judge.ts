import { type Decision, evaluate } from '../../iam/evaluate';
import { parsePolicy } from '../../iam/policy';
import type { JudgedCall } from './documents';

/** Condition keys of every request: clients use TLS, and resources are in the account of the caller. */
export function requestContext(account: string): Readonly<Record<string, string>> {
  return {
    'aws:SecureTransport': 'true',
    's3:TlsVersion': '1.3',
    's3:ResourceAccount': account,
    'aws:ResourceAccount': account,
  };
}

/** Judges a call by the role's policies, its boundary and the policy of the resource: denied unless allowed. */
export function judge({ role, action, resource, context, documents }: JudgedCall): Decision {
  return evaluate(
    { principal: role, action, resource, context },
    {
      identity: Object.values(documents.identity).flatMap(parsePolicy),
      boundary: documents.boundary === undefined ? undefined : parsePolicy(documents.boundary),
      resource: documents.resource === undefined ? [] : parsePolicy(documents.resource),
      // https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html: nobody may use a key whose policy does not say so.
      resourceDecides: action.startsWith('kms:') && resource.includes(':key/'),
    },
  );
}
