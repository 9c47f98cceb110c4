import { matchesEveryResource } from '../iam-pattern';
import { type Finding, type Resource, type Rule, readMember, toList } from '../rule';

export const namedPermissions: Rule = {
  id: 'named-permissions',
  title: 'A policy names its actions and resources',
  why: 'A wildcard in an action includes every action that the service adds later. "*" is a resource only for actions that support no other. The rule applies to inline policies of a role and to policies that are separate resources.',
  check: (resources) => {
    const findings: Finding[] = [];
    for (const [id, resource] of Object.entries(resources)) {
      const messages = [
        ...findManagedPolicies(resource),
        ...policyDocuments(resource).flatMap((document) => checkDocument(policyName(resource), document)),
      ];
      findings.push(...messages.map((message) => ({ resource: id, message })));
    }
    return findings;
  },
};

/** Actions that support no resource. */
const actionsWithoutResource = new Set(['ecr:GetAuthorizationToken']);
/** Resource types with inline policies. */
const identityTypes = new Set(['AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::User']);
/** Resource types that are a policy. */
const policyTypes = new Set([
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
]);

function findManagedPolicies(resource: Resource): readonly string[] {
  return identityTypes.has(resource.Type) && resource.Properties?.ManagedPolicyArns !== undefined
    ? [`${policyName(resource)} has a managed policy, whose owner can change it`]
    : [];
}

function policyDocuments({ Type, Properties }: Resource): readonly unknown[] {
  if (identityTypes.has(Type)) {
    return toList(Properties?.Policies).map((policy) => readMember(policy, 'PolicyDocument'));
  }
  return policyTypes.has(Type) ? [Properties?.PolicyDocument] : [];
}

function policyName({ Properties }: Resource): string {
  const { RoleName, UserName, GroupName, ManagedPolicyName, PolicyName } = Properties ?? {};
  return String(ManagedPolicyName ?? PolicyName ?? RoleName ?? UserName ?? GroupName);
}

function checkDocument(name: string, document: unknown): readonly string[] {
  const messages: string[] = [];
  for (const statement of toList(readMember(document, 'Statement'))) {
    if (readMember(statement, 'Effect') === 'Deny') {
      continue;
    }
    const statementName = `${name}: ${readMember(statement, 'Sid') ?? 'a statement without a name'}`;
    const actions = toList(readMember(statement, 'Action')).map(String);
    if (readMember(statement, 'NotAction') !== undefined || readMember(statement, 'NotResource') !== undefined) {
      messages.push(`${statementName} allows everything except for what it names`);
    }
    for (const action of actions) {
      if (/[*?]/.test(action)) {
        messages.push(`${statementName} allows ${action}`);
      }
    }
    if (
      toList(readMember(statement, 'Resource')).some(matchesEveryResource) &&
      !actions.every((action) => actionsWithoutResource.has(action))
    ) {
      messages.push(`${statementName} allows ${actions.join(', ')} on every resource`);
    }
  }
  return messages;
}
