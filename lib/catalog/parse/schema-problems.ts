import type { z } from 'zod';
import { schemaKeysAt } from '../schema/schema-keys';
import type { CatalogDocument } from './document';
import { isAtOrBelow, type Path, valueAt } from './field-path';
import { formatValueAt } from './format-value';
import { nearMemory, nearMiss } from './near-miss';
import type { CatalogProblem } from './problem';

/** What a schema says against a document, in words, and the fields of which nothing can be told therefore. */
export function schemaProblems(
  issues: readonly z.core.$ZodIssue[],
  schema: z.ZodType,
  document: CatalogDocument,
): { readonly problems: readonly CatalogProblem[]; readonly uncertain: readonly Path[] } {
  const unknown = issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => unknownKey(issue.path, key, schema, document)) : [],
  );
  const meant = unknown.flatMap((key) => (key.meant === undefined ? [] : [key.meant]));
  const others = issues.filter((issue) => issue.code !== 'unrecognized_keys');
  // A key that is misspelt is not missing, too.
  const own = others.filter(({ path }) => !meant.some((field) => isAtOrBelow(path, field)));
  const isRead = (path: Path) => !document.unread.some((field) => isAtOrBelow(path, field));
  return {
    problems: [
      ...unknown.filter(({ path }) => isRead(path)).map(({ problem }) => problem),
      ...own.filter(({ path }) => isRead(path)).flatMap((issue) => problemsOf(issue, document)),
    ],
    uncertain: [...meant, ...others.map(({ path }) => path)],
  };
}

function unknownKey(parent: Path, key: string, schema: z.ZodType, document: CatalogDocument) {
  const known = schemaKeysAt(schema, parent, key);
  const near = nearMiss(key, known);
  const path = [...parent, key];
  const siblings = valueAt(document.value, parent);
  return {
    path,
    /** The field that was meant, unless it is there as well. */
    meant:
      near === undefined || (typeof siblings === 'object' && siblings !== null && near in siblings)
        ? undefined
        : [...parent, near],
    problem: document.problemAtKey(path, {
      code: 'unknown-key',
      found: JSON.stringify(key),
      expected: known.length === 1 ? `${known[0]} alone` : `one of ${known.join(', ')}`,
      ...(near === undefined ? {} : { nearMiss: near }),
    }),
  };
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
      ...nearValue(issue, found),
    }),
  ];
}

const typesInWords: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  object: 'a mapping of keys',
  array: 'a list',
  int: 'a whole number',
  record: 'a mapping of keys',
};

function expectedOf(issue: z.core.$ZodIssue): string {
  return issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
    ? (typesInWords[issue.expected] ?? issue.expected)
    : issue.message;
}

function nearValue(issue: z.core.$ZodIssue, found: unknown): Pick<CatalogProblem, 'nearMiss'> {
  if (typeof found !== 'string') {
    return {};
  }
  const near =
    issue.code === 'invalid_value'
      ? nearMiss(found, issue.values.map(String))
      : issue.message.startsWith('memory')
        ? nearMemory(found)
        : undefined;
  return near === undefined ? {} : { nearMiss: near };
}
