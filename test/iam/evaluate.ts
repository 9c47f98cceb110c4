import type { Condition, Principal, Statement } from './policy';

/** A request to an AWS service. */
export interface Request {
  /** ARN of the role, or name of the service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys, in addition to those that follow from the request. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Decision = 'allowed' | 'denied explicitly' | 'denied';

/** The policies that apply to one request. */
export interface Policies {
  /** Statements of the principal. */
  readonly identity: readonly Statement[];
  /** Statements of the resource, if it has a policy. */
  readonly resource?: readonly Statement[];
  /** Statements of the principal's permissions boundary, if it has one. It also limits what a resource policy gives to a role. */
  readonly boundary?: readonly Statement[];
  /** Whether the resource policy must allow the request, as for KMS keys. For other resources of the same account, either policy is enough. */
  readonly resourceDecides?: boolean;
}

/**
 * Evaluates a request within one account (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html): an explicit
 * denial always wins; otherwise a statement must allow the request, within the permissions boundary. Session and organization policies are not modeled.
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { identity, resource = [], resourceDecides = false, boundary } = policies;
  const identityStatements = identity.filter((statement) => applies(statement, request, 'identity'));
  const resourceStatements = resource.filter((statement) => applies(statement, request, 'resource'));
  const boundaryStatements = boundary?.filter((statement) => applies(statement, request, 'identity'));
  if (
    [...identityStatements, ...resourceStatements, ...(boundaryStatements ?? [])].some(
      ({ effect }) => effect === 'Deny',
    )
  ) {
    return 'denied explicitly';
  }
  const allowedByIdentity = identityStatements.some(({ effect }) => effect === 'Allow');
  const allowedByResource = resourceStatements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.principals.some((principal) => includesPrincipal(principal, request, 'itself')),
  );
  // A statement for the account root delegates the decision to the policies of the account's identities.
  const delegatedToAccount = resourceStatements.some(
    (statement) =>
      statement.effect === 'Allow' &&
      statement.principals.some((principal) => includesPrincipal(principal, request, 'account')),
  );
  const allowed = resourceDecides
    ? allowedByResource || (delegatedToAccount && allowedByIdentity)
    : allowedByIdentity || allowedByResource;
  const isWithinBoundary = boundaryStatements?.some(({ effect }) => effect === 'Allow') ?? true;
  return allowed && isWithinBoundary ? 'allowed' : 'denied';
}

function applies(statement: Statement, request: Request, policy: 'identity' | 'resource'): boolean {
  return (
    statement.actions.some((pattern) => matchesIamPattern(pattern.toLowerCase(), request.action.toLowerCase())) &&
    (statement.resources.length === 0
      ? policy === 'resource'
      : statement.resources.some((pattern) => matchesIamPattern(pattern, request.resource))) &&
    (policy === 'identity' ||
      statement.principals.some(
        (principal) =>
          includesPrincipal(principal, request, 'itself') || includesPrincipal(principal, request, 'account'),
      )) &&
    statement.conditions.every((condition) => isSatisfied(condition, request))
  );
}

function includesPrincipal(principal: Principal, request: Request, level: 'itself' | 'account'): boolean {
  switch (principal.kind) {
    case 'anyone':
      return level === 'itself';
    case 'service':
      return level === 'itself' && principal.name === request.principal;
    case 'aws': {
      const account = request.principal.split(':')[4];
      return level === 'account' ? principal.arn.endsWith(`:${account}:root`) : principal.arn === request.principal;
    }
  }
}

/** A missing condition key satisfies only negated operators. */
function isSatisfied({ operator, key, values }: Condition, { principal, context = {} }: Request): boolean {
  const value = key === 'aws:PrincipalArn' ? principal : context[key];
  switch (operator) {
    case 'ForAnyValue:StringEquals':
      // The context has a multivalued key as one text, separated by commas.
      return value?.split(',').some((one) => values.includes(one)) ?? false;
    case 'ForAllValues:StringEquals':
      // An empty set satisfies the operator.
      return value === undefined || value.split(',').every((one) => values.includes(one));
    case 'StringEquals':
      return value !== undefined && values.includes(value);
    case 'StringEqualsIfExists':
      return value === undefined || values.includes(value);
    case 'StringNotEquals':
      return value === undefined || !values.includes(value);
    case 'Null':
      return values.some((wanted) => (wanted === 'true') === (value === undefined));
    case 'Bool':
      return value !== undefined && values.some((wanted) => wanted.toLowerCase() === value.toLowerCase());
    case 'ArnEquals':
    case 'ArnLike':
    case 'StringLike':
      return value !== undefined && values.some((pattern) => matchesIamPattern(pattern, value));
    case 'ArnNotEquals':
    case 'ArnNotLike':
      return value === undefined || !values.some((pattern) => matchesIamPattern(pattern, value));
    case 'NumericLessThan':
      return value !== undefined && values.some((bound) => Number(value) < Number(bound));
    default:
      throw new Error(`the evaluator does not support the condition operator ${operator}`);
  }
}

/** Matches IAM's wildcards: `*` stands for any text, including "/" and the empty text, and `?` for one character. */
export function matchesIamPattern(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}
