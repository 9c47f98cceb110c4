/** The part of the IAM policy language that our templates use. Anything else is an error, so that no test passes by not understanding. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Empty in a resource's own policy that names none: it is about that resource. */
  readonly resources: readonly string[];
  readonly principals: readonly Principal[];
  readonly conditions: readonly Condition[];
}

export type Principal =
  | { readonly kind: 'anyone' }
  | { readonly kind: 'aws'; readonly arn: string }
  | { readonly kind: 'service'; readonly name: string };

export interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

const known = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

/** @throws Error for an element that the evaluator does not know */
export function parsePolicy(document: unknown): readonly Statement[] {
  const { Statement } = document as { Statement: unknown };
  return list(Statement).map((raw) => {
    const statement = raw as Record<string, unknown>;
    const strange = Object.keys(statement).filter((key) => !known.includes(key));
    if (strange.length > 0) {
      throw new Error(`the evaluator does not know ${strange.join(', ')} in ${JSON.stringify(statement)}`);
    }
    return {
      ...(statement.Sid === undefined ? {} : { sid: String(statement.Sid) }),
      effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
      actions: list(statement.Action).map(text),
      resources: list(statement.Resource).map(text),
      principals: principalsOf(statement.Principal),
      conditions: Object.entries((statement.Condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
        ([operator, keys]) =>
          Object.entries(keys).map(([key, values]) => ({ operator, key, values: list(values).map(String) })),
      ),
    };
  });
}

function principalsOf(principal: unknown): readonly Principal[] {
  if (principal === undefined) {
    return [];
  }
  if (principal === '*') {
    return [{ kind: 'anyone' }];
  }
  return Object.entries(principal as Record<string, unknown>).flatMap(([kind, names]) =>
    list(names).map((name): Principal => {
      if (kind === 'AWS') {
        return name === '*' ? { kind: 'anyone' } : { kind: 'aws', arn: text(name) };
      }
      if (kind === 'Service') {
        return { kind: 'service', name: text(name) };
      }
      throw new Error(`the evaluator does not know principals of kind ${kind}`);
    }),
  );
}

function list(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function text(value: unknown): string {
  if (typeof value !== 'string') {
    throw new Error(`not resolved to text: ${JSON.stringify(value)}`);
  }
  return value;
}
