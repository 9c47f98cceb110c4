import type { z } from 'zod';

/** A report that cannot be read: the message says what was expected and what was found. */
export class ReportError extends Error {
  override readonly name = 'ReportError';
}

/** Parses JSON and validates it. @throws ReportError */
export function parseReport<Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> {
  return parseShape(schema, parseJson(text));
}

/** @throws ReportError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ReportError(`expected JSON, found something else (${(error as Error).message.split('\n')[0]})`);
  }
}

/** @throws ReportError */
export function parseShape<Schema extends z.ZodType>(schema: Schema, json: unknown): z.output<Schema> {
  const parsed = schema.safeParse(json);
  if (!parsed.success) {
    throw new ReportError(describeIssues(parsed.error.issues, json));
  }
  return parsed.data;
}

/** Why a report cannot be read, and its first characters: a tool often writes the reason instead of its report. */
export function describeUnreadable(error: unknown, text: string): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${reason}; it begins with ${beginningOf(text)}`;
}

const maxIssues = 3;

/** `at matches[0].artifact.name: expected string, found 3`. */
function describeIssues(issues: readonly z.core.$ZodIssue[], json: unknown): string {
  const lines = issues
    .slice(0, maxIssues)
    .map((issue) => `${placeOf(issue.path)}: expected ${expectedBy(issue)}, found ${foundAt(json, issue.path)}`);
  const more = issues.length - lines.length;
  return [...lines, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

function placeOf(path: readonly PropertyKey[]): string {
  const place = path.reduce<string>(
    (before, key) =>
      typeof key === 'number' ? `${before}[${key}]` : `${before}${before === '' ? '' : '.'}${String(key)}`,
    '',
  );
  return place === '' ? 'at its root' : `at ${place}`;
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.map((value) => JSON.stringify(value)).join(' or ');
    case 'too_small':
      return `${issue.origin} of at least ${issue.minimum}`;
    default:
      return issue.message;
  }
}

function foundAt(json: unknown, path: readonly PropertyKey[]): string {
  const value = path.reduce<unknown>(
    (parent, key) =>
      typeof parent === 'object' && parent !== null ? (parent as Record<PropertyKey, unknown>)[key] : undefined,
    json,
  );
  return value === undefined ? 'nothing' : shorten(JSON.stringify(value), 60);
}

function beginningOf(text: string): string {
  return JSON.stringify(shorten(text.trim().replace(/\s+/g, ' '), 160));
}

function shorten(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}
