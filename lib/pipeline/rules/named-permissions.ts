import { isEverything } from './iam-pattern';
import { type Finding, list, member, type Resource, type Rule } from './rule';

/** Actions that know no resource. */
const withoutResource = new Set(['ecr:GetAuthorizationToken']);

export const namedPermissions: Rule = {
  id: 'named-permissions',
  title: 'A role names what it may do, and to what',
  why: 'A wildcard gives the rights that a service will have next year, too. "*" is a resource only of actions that know none. A policy that is apart from its role is held to the same.',
  check: (resources) =>
    Object.entries(resources).flatMap(([resource, it]): readonly Finding[] =>
      [...managed(it), ...documentsOf(it).flatMap((document) => judge(nameOf(it), document))].map((message) => ({
        resource,
        message,
      })),
    ),
};

const holders = new Set(['AWS::IAM::Group', 'AWS::IAM::Role', 'AWS::IAM::User']);
const apart = new Set([
  'AWS::IAM::GroupPolicy',
  'AWS::IAM::ManagedPolicy',
  'AWS::IAM::Policy',
  'AWS::IAM::RolePolicy',
  'AWS::IAM::UserPolicy',
]);

function documentsOf({ Type, Properties }: Resource): readonly unknown[] {
  if (holders.has(Type)) {
    return list(Properties?.Policies).map((policy) => member(policy, 'PolicyDocument'));
  }
  return apart.has(Type) ? [Properties?.PolicyDocument] : [];
}

function nameOf({ Properties }: Resource): string {
  const { RoleName, UserName, GroupName, ManagedPolicyName, PolicyName } = Properties ?? {};
  return String(ManagedPolicyName ?? PolicyName ?? RoleName ?? UserName ?? GroupName);
}

function managed(it: Resource): readonly string[] {
  return holders.has(it.Type) && it.Properties?.ManagedPolicyArns !== undefined
    ? [`${nameOf(it)} takes a managed policy, whose text others change`]
    : [];
}

function judge(name: string, document: unknown): readonly string[] {
  return list(member(document, 'Statement'))
    .filter((statement) => member(statement, 'Effect') !== 'Deny')
    .flatMap((statement) => {
      const actions = list(member(statement, 'Action')).map(String);
      const id = String(member(statement, 'Sid') ?? 'a statement without a name');
      return [
        ...(member(statement, 'NotAction') === undefined && member(statement, 'NotResource') === undefined
          ? []
          : [`${name}: ${id} says what is excepted instead of what is meant`]),
        ...actions.filter((action) => /[*?]/.test(action)).map((action) => `${name}: ${id} allows ${action}`),
        ...(list(member(statement, 'Resource')).some(isEverything) &&
        !actions.every((action) => withoutResource.has(action))
          ? [`${name}: ${id} allows ${actions.join(', ')} on everything`]
          : []),
      ];
    });
}
