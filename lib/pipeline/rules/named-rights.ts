import { forEach, list, member, type Rule } from './rule';

/** Actions that know no resource. */
const withoutResource = new Set(['ecr:GetAuthorizationToken']);

export const namedRights: Rule = {
  id: 'named-rights',
  title: 'A role names what it may do, and to what',
  why: 'A wildcard gives the rights that a service will have next year, too. "*" is a resource only of actions that know none.',
  check: forEach('AWS::IAM::Role', ({ RoleName, Policies, ManagedPolicyArns }) => [
    ...(ManagedPolicyArns === undefined ? [] : [`${RoleName} takes a managed policy, whose text others change`]),
    ...list(Policies)
      .flatMap((policy) => list(member(policy, 'PolicyDocument', 'Statement')))
      .flatMap((statement) => {
        const actions = list(member(statement, 'Action')).map(String);
        const resources = list(member(statement, 'Resource'));
        const id = String(member(statement, 'Sid') ?? 'a statement without a name');
        return [
          ...(member(statement, 'NotAction') === undefined && member(statement, 'NotResource') === undefined
            ? []
            : [`${RoleName}: ${id} says what is excepted instead of what is meant`]),
          ...actions.filter((action) => action.includes('*')).map((action) => `${RoleName}: ${id} allows ${action}`),
          ...(resources.includes('*') && !actions.every((action) => withoutResource.has(action))
            ? [`${RoleName}: ${id} allows ${actions.join(', ')} on everything`]
            : []),
        ];
      }),
  ]),
};
