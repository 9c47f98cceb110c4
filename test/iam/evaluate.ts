import type { Condition, Principal, Statement } from './policy';

/** Somebody asks for something. */
export interface Request {
  /** ARN of the role; none for a service that acts by itself. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Context keys besides those that follow from the request. */
  readonly context?: Readonly<Record<string, string>>;
}

export type Decision = 'allowed' | 'denied explicitly' | 'denied';

/** Policies that decide about one resource. */
export interface Policies {
  /** Of the one who asks. */
  readonly identity: readonly Statement[];
  /** Of what is asked for, if it has one. */
  readonly resource?: readonly Statement[];
  /** A KMS key's policy has to allow by itself; elsewhere in one account either policy is enough. */
  readonly resourceDecides?: boolean;
}

/**
 * Evaluates within one account, as https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html says:
 * a denial anywhere ends it; then an allowance is needed. Permission boundaries, session and organisation policies are not modelled.
 */
export function evaluate(request: Request, policies: Policies): Decision {
  const { identity, resource = [], resourceDecides = false } = policies;
  const own = identity.filter((statement) => applies(statement, request, 'identity'));
  const others = resource.filter((statement) => applies(statement, request, 'resource'));
  if ([...own, ...others].some(({ effect }) => effect === 'Deny')) {
    return 'denied explicitly';
  }
  const byIdentity = own.some(({ effect }) => effect === 'Allow');
  const direct = others.some(
    (statement) =>
      statement.effect === 'Allow' && statement.principals.some((principal) => names(principal, request, 'itself')),
  );
  // A statement for the account's root hands the decision to the policies of its users.
  const delegated = others.some(
    (statement) =>
      statement.effect === 'Allow' && statement.principals.some((principal) => names(principal, request, 'account')),
  );
  const allowed = resourceDecides ? direct || (delegated && byIdentity) : byIdentity || direct;
  return allowed ? 'allowed' : 'denied';
}

function applies(statement: Statement, request: Request, of: 'identity' | 'resource'): boolean {
  return (
    statement.actions.some((pattern) => matches(pattern.toLowerCase(), request.action.toLowerCase())) &&
    (statement.resources.length === 0
      ? of === 'resource'
      : statement.resources.some((pattern) => matches(pattern, request.resource))) &&
    (of === 'identity' ||
      statement.principals.some(
        (principal) => names(principal, request, 'itself') || names(principal, request, 'account'),
      )) &&
    statement.conditions.every((condition) => holds(condition, request))
  );
}

function names(principal: Principal, request: Request, how: 'itself' | 'account'): boolean {
  switch (principal.kind) {
    case 'anyone':
      return how === 'itself';
    case 'service':
      return how === 'itself' && principal.name === request.principal;
    case 'aws': {
      const account = request.principal.split(':')[4];
      return how === 'account' ? principal.arn.endsWith(`:${account}:root`) : principal.arn === request.principal;
    }
  }
}

/** A key that is not there fulfils only what is negated. */
function holds({ operator, key, values }: Condition, { principal, context = {} }: Request): boolean {
  const value = key === 'aws:PrincipalArn' ? principal : context[key];
  switch (operator) {
    case 'ForAnyValue:StringEquals':
      // A key of many values stands in the context as one text, separated by commas.
      return value?.split(',').some((one) => values.includes(one)) ?? false;
    case 'ForAllValues:StringEquals':
      // Of no value, all are among them.
      return value === undefined || value.split(',').every((one) => values.includes(one));
    case 'StringEquals':
      return value !== undefined && values.includes(value);
    case 'Null':
      return values.some((wanted) => (wanted === 'true') === (value === undefined));
    case 'Bool':
      return value !== undefined && values.some((wanted) => wanted.toLowerCase() === value.toLowerCase());
    case 'ArnEquals':
    case 'ArnLike':
    case 'StringLike':
      return value !== undefined && values.some((pattern) => matches(pattern, value));
    case 'ArnNotEquals':
    case 'ArnNotLike':
      return value === undefined || !values.some((pattern) => matches(pattern, value));
    case 'NumericLessThan':
      return value !== undefined && values.some((bound) => Number(value) < Number(bound));
    default:
      throw new Error(`the evaluator does not know the condition ${operator}`);
  }
}

/** IAM's wildcards: `*` is anything, also nothing and also "/"; `?` is one character. */
export function matches(pattern: string, value: string): boolean {
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}
