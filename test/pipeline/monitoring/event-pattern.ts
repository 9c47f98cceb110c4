import { matchesIamPattern } from '../../iam/evaluate';

/**
 * Whether an event matches an EventBridge pattern. Supports exact values, `prefix`, `suffix`, `wildcard`, `anything-but`, `exists`, `numeric` and
 * `$or` (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
 * @throws Error for any other matcher
 */
export function matchesEventPattern(pattern: unknown, event: unknown): boolean {
  return Object.entries(pattern as Record<string, unknown>).every(([key, matchers]) => {
    if (key === '$or') {
      return (matchers as readonly unknown[]).some((alternative) => matchesEventPattern(alternative, event));
    }
    const value = (event as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(matchers)) {
      // EventBridge flattens lists of objects: a pattern for an object matches if one of them does.
      return Array.isArray(value)
        ? value.some((each) => matchesEventPattern(matchers, each))
        : matchesEventPattern(matchers, value);
    }
    // A list matches if one of its values does.
    const values = Array.isArray(value) ? value : [value];
    return values.some((each) => matchers.some((matcher) => matchesValue(matcher, each)));
  });
}

function matchesValue(matcher: unknown, value: unknown): boolean {
  if (matcher === null || typeof matcher !== 'object') {
    return matcher === value;
  }
  const [[name, argument] = ['', undefined]] = Object.entries(matcher);
  switch (name) {
    case 'prefix':
      return typeof value === 'string' && value.startsWith(String(argument));
    case 'suffix':
      return typeof value === 'string' && value.endsWith(String(argument));
    case 'wildcard':
      return typeof value === 'string' && matchesIamPattern(String(argument), value);
    case 'anything-but':
      return (
        value !== undefined && !(Array.isArray(argument) ? argument.includes(value) : matchesValue(argument, value))
      );
    case 'exists':
      return (value !== undefined) === argument;
    case 'numeric':
      return typeof value === 'number' && matchesNumber(value, argument as readonly (string | number)[]);
    case 'Ref':
    case 'Fn::GetAtt':
      // A name that is unknown before the deployment.
      return false;
    default:
      throw new Error(`the test does not support the matcher ${name}`);
  }
}

/** `['>=', 5, '<', 10]` */
function matchesNumber(value: number, [operator, bound, ...rest]: readonly (string | number)[]): boolean {
  if (operator !== '<' && operator !== '>=') {
    throw new Error(`the test does not support the comparison ${operator}`);
  }
  const isMatch = operator === '<' ? value < Number(bound) : value >= Number(bound);
  return isMatch && (rest.length === 0 || matchesNumber(value, rest));
}
