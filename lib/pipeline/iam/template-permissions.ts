import type { Permission } from './permission';
import type { RolePermissions } from './permissions-table';

/** What of a synthesized template is read. */
export interface PermissionsTemplate {
  readonly Resources?: Readonly<Record<string, { readonly Type: string; readonly Properties?: Properties }>>;
}

type Properties = Readonly<Record<string, unknown>>;

interface Statement {
  readonly Sid?: string;
  readonly Effect?: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * Every role in synthesized templates with all that it may do, whoever added it: a strategy of the platform's own, or a right that its app gave
 * to one of our roles.
 * @param known what our own roles are for, whose reasons the templates don't have
 */
export function templatePermissions(
  templates: readonly PermissionsTemplate[],
  known: readonly RolePermissions[],
): readonly RolePermissions[] {
  return templates.flatMap(({ Resources: resources = {} }) => {
    const all = Object.entries(resources).map(([id, { Type, Properties = {} }]) => ({ id, type: Type, Properties }));
    return all
      .filter(({ type }) => type === 'AWS::IAM::Role')
      .map(({ id, Properties }) => {
        const role = textOf(Properties.RoleName ?? id);
        const ours = known.find((each) => each.role === role);
        const beside = all.filter(
          ({ type, Properties: { Roles } }) =>
            (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy') &&
            JSON.stringify(Roles)?.includes(`{"Ref":"${id}"}`),
        );
        const documents = [
          ...((Properties.Policies ?? []) as readonly Properties[]),
          ...beside.map((policy) => policy.Properties),
        ].map(({ PolicyDocument }) => PolicyDocument);
        return {
          role,
          usedBy: ours?.usedBy ?? takers(Properties.AssumeRolePolicyDocument),
          permissions: [
            ...documents.flatMap(statementsOf).map((statement) => permissionOf(statement, ours?.permissions ?? [])),
            ...listed(Properties.ManagedPolicyArns).map(
              (policy): Permission => ({ id: 'ManagedPolicy', actions: ['all that it says'], resources: [policy] }),
            ),
          ],
        };
      });
  });
}

function permissionOf(statement: Statement, known: readonly Permission[]): Permission {
  const { Sid = '(unnamed)', Effect, Condition } = statement;
  const wildcard = known.find(({ id }) => id === Sid)?.wildcard;
  return {
    id: Effect === 'Deny' ? `not ${Sid}` : Sid,
    actions: stated(statement.Action, statement.NotAction),
    resources: stated(statement.Resource, statement.NotResource),
    ...(wildcard === undefined ? {} : { wildcard }),
    ...(Condition === undefined
      ? {}
      : {
          conditions: Object.fromEntries(
            Object.entries(Condition).map(([operator, keys]) => [
              operator,
              Object.fromEntries(
                Object.entries(keys).map(([key, value]) => [key, Array.isArray(value) ? listed(value) : textOf(value)]),
              ),
            ]),
          ),
        }),
  };
}

/** Who may take a role that is none of ours. */
function takers(trust: unknown): string {
  return statementsOf(trust)
    .map(({ Principal, Condition }) =>
      [Principal, ...Object.values(Condition ?? {})]
        .flatMap((named) => Object.values((named ?? {}) as object))
        .flatMap(listed)
        .join(' for '),
    )
    .join(', or by ');
}

function statementsOf(document: unknown): readonly Statement[] {
  return [(document as { readonly Statement?: Statement | readonly Statement[] } | undefined)?.Statement ?? []].flat();
}

function stated(some: unknown, allBut: unknown): readonly string[] {
  return allBut === undefined ? listed(some) : listed(allBut).map((each) => `all but ${each}`);
}

function listed(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(textOf);
}

/** A value of a template; what CloudFormation only knows later is named by what it refers to. */
function textOf(value: unknown): string {
  if (value === null || typeof value !== 'object') {
    return String(value);
  }
  const [[intrinsic, argument] = ['', undefined]] = Object.entries(value);
  switch (intrinsic) {
    case 'Ref':
      return `\${${argument}}`;
    case 'Fn::GetAtt':
      return `\${${[argument].flat().join('.')}}`;
    case 'Fn::Sub':
      return String([argument].flat()[0]);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, readonly unknown[]];
      return parts.map(textOf).join(separator);
    }
    default:
      return JSON.stringify(value);
  }
}
