import type { z } from 'zod';
import { schemaKeysAt } from '../schema/schema-keys';
import type { CatalogDocument } from './document';
import { isAtOrBelow, type Path, valueAt } from './field-path';
import { formatValueAt } from './format-value';
import { fieldForWord } from './key-hints';
import { nearMemory, nearMiss } from './near-miss';
import type { CatalogProblem } from './problem';

/** Translates schema issues to located problems, and lists the fields that they make uncertain. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  document: CatalogDocument,
): { readonly problems: readonly CatalogProblem[]; readonly uncertain: readonly Path[] } {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownKey(issue.path, key, schema, document)) : [],
  );
  const misspelled = unknown.flatMap(({ intendedField }) => (intendedField === undefined ? [] : [intendedField]));
  const others = issues.filter((issue) => issue.code !== 'unrecognized_keys');
  // A misspelled key is not reported as missing as well.
  const remaining = others.filter(({ path }) => !misspelled.some((field) => isAtOrBelow(path, field)));
  const isParsed = (path: Path) => !document.aliases.some((field) => isAtOrBelow(path, field));
  return {
    problems: [
      ...unknown.filter(({ path }) => isParsed(path)).map(({ problem }) => problem),
      ...remaining.filter(({ path }) => isParsed(path)).flatMap((issue) => problemsOf(issue, document)),
    ],
    uncertain: [...misspelled, ...others.map(({ path }) => path)],
  };
}

function unknownKey(parent: Path, key: string, schema: z.ZodType, document: CatalogDocument) {
  const known = schemaKeysAt(schema, parent, key);
  const near = nearMiss(key, known);
  const path = [...parent, key];
  const siblings = valueAt(document.value, parent);
  return {
    path,
    /** The field that the user most likely meant, unless the file sets it as well. */
    intendedField:
      near === undefined || (typeof siblings === 'object' && siblings !== null && near in siblings)
        ? undefined
        : [...parent, near],
    problem: document.problemAtKey(path, {
      code: 'unknown-key',
      found: JSON.stringify(key),
      expected: known.length === 1 ? `only ${known[0]}` : `one of ${known.join(', ')}`,
      nearMiss: hintFor(key, path) ?? near,
    }),
  };
}

/** A field with another path than the key, because the key itself is unknown there. */
function hintFor(key: string, path: Path): string | undefined {
  const field = fieldForWord(key);
  return field === undefined || field === path.join('.') ? undefined : field;
}

function problemsOf(issue: z.core.$ZodIssue, document: CatalogDocument): readonly CatalogProblem[] {
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) =>
      document.problemAtKey(issue.path, {
        code: 'wrong-key',
        found: JSON.stringify(issue.path.at(-1)),
        expected: inner.message,
      }),
    );
  }
  const found = valueAt(document.value, issue.path);
  if (found === undefined) {
    return [
      document.problemAt(issue.path, {
        code: 'missing-key',
        expected: `the key "${String(issue.path.at(-1) ?? '')}": ${expectedOf(issue)}`,
      }),
    ];
  }
  return [
    document.problemAt(issue.path, {
      code: 'wrong-value',
      found: formatValueAt(document, issue.path) ?? '',
      expected: expectedOf(issue),
      nearMiss: nearestValue(issue, found),
    }),
  ];
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping of keys',
  array: 'a list',
  int: 'an integer',
  record: 'a mapping of keys',
};

function expectedOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
    ? (typeNames[issue.expected] ?? issue.expected)
    : issue.message;
}

function nearestValue(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (typeof found !== 'string') {
    return undefined;
  }
  if (issue.code === 'invalid_value') {
    return nearMiss(found, issue.values.map(String));
  }
  return issue.message.startsWith('memory') ? nearMemory(found) : undefined;
}
