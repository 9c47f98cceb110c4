import { matches } from '../../iam/evaluate';

/**
 * Whether an event fits a pattern of EventBridge, of which it knows exact values, `prefix`, `suffix`, `wildcard`, `anything-but`, `exists`, `numeric`
 * and `$or`
 * (https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html).
 * @throws Error for any other matcher
 */
export function fits(pattern: unknown, event: unknown): boolean {
  return Object.entries(pattern as Record<string, unknown>).every(([key, wanted]) => {
    if (key === '$or') {
      return (wanted as readonly unknown[]).some((alternative) => fits(alternative, event));
    }
    const value = (event as Record<string, unknown> | undefined)?.[key];
    if (!Array.isArray(wanted)) {
      return fits(wanted, value);
    }
    // Of many values it is enough that one fits.
    const values = Array.isArray(value) ? value : [value];
    return values.some((each) => wanted.some((matcher) => fitsOne(matcher, each)));
  });
}

function fitsOne(matcher: unknown, value: unknown): boolean {
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
      return typeof value === 'string' && matches(String(argument), value);
    case 'anything-but':
      return value !== undefined && !(Array.isArray(argument) ? argument.includes(value) : fitsOne(argument, value));
    case 'exists':
      return (value !== undefined) === argument;
    case 'numeric':
      return typeof value === 'number' && compares(value, argument as readonly (string | number)[]);
    case 'Ref':
    case 'Fn::GetAtt':
      // A name that only the deployment knows.
      return false;
    default:
      throw new Error(`the test does not know the matcher ${name}`);
  }
}

/** `['>=', 5, '<', 10]` */
function compares(value: number, [operator, bound, ...rest]: readonly (string | number)[]): boolean {
  const holds = operator === '<' ? value < Number(bound) : operator === '>=' ? value >= Number(bound) : undefined;
  if (holds === undefined) {
    throw new Error(`the test does not know the comparison ${operator}`);
  }
  return holds && (rest.length === 0 || compares(value, rest));
}
