/** The subset of the IAM policy language that the templates use. Anything else is an error, so that no test ignores a statement. */
export interface Statement {
  readonly sid?: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Empty in a resource policy that names no resource: it applies to its own resource. */
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

const supportedElements = ['Sid', 'Effect', 'Action', 'Resource', 'Principal', 'Condition'];

/** Parses a policy document. @throws Error for an element that the evaluator does not support */
export function parsePolicy(document: unknown): readonly Statement[] {
  const { Statement } = document as { Statement: unknown };
  return toList(Statement).map((raw) => {
    const statement = raw as Record<string, unknown>;
    const unsupported = Object.keys(statement).filter((key) => !supportedElements.includes(key));
    if (unsupported.length > 0) {
      throw new Error(`the evaluator does not support ${unsupported.join(', ')} in ${JSON.stringify(statement)}`);
    }
    return {
      sid: statement.Sid === undefined ? undefined : String(statement.Sid),
      effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
      actions: toList(statement.Action).map(requireText),
      resources: toList(statement.Resource).map(requireText),
      principals: principalsOf(statement.Principal),
      conditions: Object.entries((statement.Condition ?? {}) as Record<string, Record<string, unknown>>).flatMap(
        ([operator, keys]) =>
          Object.entries(keys).map(([key, values]) => ({ operator, key, values: toList(values).map(String) })),
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
    toList(names).map((name): Principal => {
      if (kind === 'AWS') {
        return name === '*' ? { kind: 'anyone' } : { kind: 'aws', arn: requireText(name) };
      }
      if (kind === 'Service') {
        return { kind: 'service', name: requireText(name) };
      }
      throw new Error(`the evaluator does not support principals of kind ${kind}`);
    }),
  );
}

function toList(value: unknown): readonly unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function requireText(value: unknown): string {
  if (typeof value !== 'string') {
    throw new Error(`expected text, got: ${JSON.stringify(value)}`);
  }
  return value;
}
