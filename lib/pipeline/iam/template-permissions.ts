import type { Permission } from './permission';
import type { RolePermissions } from './permissions-table';

/** The part of a synthesized template that has permissions. */
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
 * Reads every role of synthesized templates with all of its permissions, whatever added them: a custom strategy, or an app that extended a role
 * of Bowline.
 * @param builtInRoles the roles of the built-in strategies, for reasons of wildcards, which templates do not have
 */
export function templatePermissions(
  templates: readonly PermissionsTemplate[],
  builtInRoles: readonly RolePermissions[],
): readonly RolePermissions[] {
  const roles: RolePermissions[] = [];
  for (const { Resources: resources = {} } of templates) {
    for (const [id, { Type, Properties: properties = {} }] of Object.entries(resources)) {
      if (Type === 'AWS::IAM::Role') {
        const name = renderValue(properties.RoleName ?? id);
        const builtIn = builtInRoles.find(({ role }) => role === name);
        const documents = [...inlineDocuments(properties), ...attachedDocuments(resources, id)];
        roles.push({
          role: name,
          usedBy: builtIn?.usedBy ?? describeTrustedPrincipals(properties.AssumeRolePolicyDocument),
          permissions: [
            ...documents.flatMap(statementsOf).map((statement) => toPermission(statement, builtIn?.permissions ?? [])),
            ...renderValues(properties.ManagedPolicyArns).map(
              (policy): Permission => ({
                id: 'ManagedPolicy',
                actions: ['all actions of the policy'],
                resources: [policy],
              }),
            ),
          ],
        });
      }
    }
  }
  return roles;
}

function inlineDocuments({ Policies = [] }: Properties): readonly unknown[] {
  return (Policies as readonly Properties[]).map(({ PolicyDocument }) => PolicyDocument);
}

/** Documents of policies that are resources of their own and refer to the role. */
function attachedDocuments(resources: NonNullable<PermissionsTemplate['Resources']>, roleId: string) {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy')
    .filter(({ Properties }) => JSON.stringify(Properties?.Roles)?.includes(`{"Ref":"${roleId}"}`))
    .map(({ Properties }) => Properties?.PolicyDocument);
}

function statementsOf(document: unknown): readonly Statement[] {
  return [(document as { readonly Statement?: Statement | readonly Statement[] } | undefined)?.Statement ?? []].flat();
}

function toPermission(statement: Statement, builtIn: readonly Permission[]): Permission {
  const { Sid = '(unnamed)', Effect, Action, NotAction, Resource, NotResource, Condition } = statement;
  return {
    id: Effect === 'Deny' ? `not ${Sid}` : Sid,
    actions: NotAction === undefined ? renderValues(Action) : renderExceptions(NotAction),
    resources: NotResource === undefined ? renderValues(Resource) : renderExceptions(NotResource),
    wildcard: builtIn.find(({ id }) => id === Sid)?.wildcard,
    conditions: Condition === undefined ? undefined : renderConditions(Condition),
  };
}

function renderExceptions(value: unknown): readonly string[] {
  return renderValues(value).map((text) => `all except ${text}`);
}

function renderConditions(conditions: NonNullable<Statement['Condition']>): Permission['conditions'] {
  const rendered: Record<string, Record<string, string | readonly string[]>> = {};
  for (const [operator, keys] of Object.entries(conditions)) {
    rendered[operator] = {};
    for (const [key, value] of Object.entries(keys)) {
      rendered[operator][key] = Array.isArray(value) ? renderValues(value) : renderValue(value);
    }
  }
  return rendered;
}

/** Describes who may assume a role that is not built in. */
function describeTrustedPrincipals(trustPolicy: unknown): string {
  return statementsOf(trustPolicy)
    .map(({ Principal, Condition }) =>
      [Principal, ...Object.values(Condition ?? {})]
        .flatMap((values) => Object.values((values ?? {}) as object))
        .flatMap(renderValues)
        .join(' for '),
    )
    .join(', or by ');
}

function renderValues(value: unknown): readonly string[] {
  return value === undefined ? [] : [value].flat().map(renderValue);
}

/** Renders a value of a template as text. A value that is unknown before the deployment appears as the reference to it. */
function renderValue(value: unknown): string {
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
      return parts.map(renderValue).join(separator);
    }
    default:
      return JSON.stringify(value);
  }
}
