import { type Document, isMap, isNode, isPair, LineCounter, type Node, parseDocument, visit } from 'yaml';
import type { z } from 'zod';
import { nearMemory, nearMiss } from './near-miss';
import type { CatalogProblem } from './problem';

/** A YAML file of the catalog, with the way back from a field to its line. */
export interface CatalogDocument {
  readonly file: string;
  readonly value: unknown;
  /** A problem at the field `path`, or at the nearest thing above it that is there. */
  problemAt(path: readonly PropertyKey[], problem: ProblemText): CatalogProblem;
}

type ProblemText = Pick<CatalogProblem, 'code' | 'expected' | 'found' | 'nearMiss'>;

/** Reads the text of one YAML file. A syntax error, a duplicate key and a second document are problems with a place, never exceptions. */
export function readDocument(
  file: string,
  text: string,
): { readonly document: CatalogDocument; readonly problems: readonly CatalogProblem[] } {
  const lines = new LineCounter();
  const yaml = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    strict: true,
    version: '1.2',
  });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems = yaml.errors.map(
    (error): CatalogProblem => ({
      code: error.code === 'DUPLICATE_KEY' ? 'duplicate-key' : 'not-yaml',
      file,
      ...at(error.pos[0]),
      path: '',
      expected: error.code === 'DUPLICATE_KEY' ? 'every key once' : `well-formed YAML: ${error.message}`,
    }),
  );
  const aliases: CatalogProblem[] = [];
  visit(yaml, {
    // An alias saves typing in a file that is read far more often than written, and lets a small file become a huge value.
    Alias: (_, alias) => {
      aliases.push({
        code: 'alias',
        file,
        ...at(alias.range?.[0] ?? 0),
        path: '',
        found: `*${alias.source}`,
        expected: 'the value itself: aliases are not taken',
      });
    },
  });
  const all = [...problems, ...aliases];
  const document: CatalogDocument = {
    file,
    value: all.length > 0 ? undefined : yaml.toJS(),
    problemAt: (path, problem) => ({ file, ...at(offsetOf(yaml, path)), path: path.map(String).join('.'), ...problem }),
  };
  return { document, problems: all };
}

/** Where a field begins: the value if it is there, else its key, else the nearest parent. */
function offsetOf(yaml: Document, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = yaml.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) {
      return node.range[0];
    }
  }
  return yaml.contents?.range?.[0] ?? 0;
}

/** Where the key itself begins: for keys that should not be there. */
function keyNode(yaml: unknown, key: string): Node | undefined {
  if (!isMap(yaml)) {
    return undefined;
  }
  const pair = yaml.items.find((item) => isPair(item) && isNode(item.key) && String(item.key) === key);
  return isNode(pair?.key) ? (pair.key as Node) : undefined;
}

/**
 * Holds a document against a schema. All problems come at once, each at its own line; the value only if there is none.
 */
export function validateDocument<Schema extends z.ZodType>(
  file: string,
  text: string,
  schema: Schema,
): {
  readonly value?: z.output<Schema>;
  readonly document: CatalogDocument;
  readonly problems: readonly CatalogProblem[];
} {
  const { document, problems } = readDocument(file, text);
  if (problems.length > 0) {
    return { document, problems };
  }
  const result = schema.safeParse(document.value);
  if (result.success) {
    return { value: result.data, document, problems: [] };
  }
  const lines = new LineCounter();
  const yaml = parseDocument(text, { lineCounter: lines });
  return {
    document,
    problems: result.error.issues.flatMap((issue) => problemsOf(issue, schema, document, yaml, lines)),
  };
}

function problemsOf(
  issue: z.core.$ZodIssue,
  schema: z.ZodType,
  document: CatalogDocument,
  yaml: Document,
  lines: LineCounter,
): readonly CatalogProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => {
      const offset =
        keyNode(issue.path.length === 0 ? yaml.contents : yaml.getIn(issue.path, true), key)?.range?.[0] ?? 0;
      const { line, col } = lines.linePos(offset);
      const near = nearMiss(key, known);
      return {
        code: 'unknown-key',
        file: document.file,
        line,
        column: col,
        path: [...issue.path, key].map(String).join('.'),
        found: JSON.stringify(key),
        expected: `one of ${known.join(', ')}`,
        ...(near === undefined ? {} : { nearMiss: near }),
      };
    });
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) =>
      document.problemAt(issue.path, {
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
        expected: expectedOf(issue, `the key "${String(issue.path.at(-1) ?? '')}"`),
      }),
    ];
  }
  return [
    document.problemAt(issue.path, {
      code: 'wrong-value',
      found: shown(found),
      expected: expectedOf(issue),
      ...nearValue(issue, found),
    }),
  ];
}

function expectedOf(issue: z.core.$ZodIssue, missing?: string): string {
  const text =
    issue.code === 'invalid_type' && issue.message.startsWith('Invalid input')
      ? typeInWords(issue.expected)
      : issue.message;
  return missing === undefined ? text : `${missing}: ${text}`;
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

function typeInWords(type: string): string {
  return typesInWords[type] ?? type;
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

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[key] : undefined,
    value,
  );
}

/** The keys that a schema knows at a path, seen through defaults, optionals, lists and records. */
function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): readonly string[] {
  const inner = unwrapped(schema);
  if (path.length === 0) {
    return inner.def.type === 'object' ? Object.keys((inner as z.ZodObject).shape) : [];
  }
  const [head, ...rest] = path;
  switch (inner.def.type) {
    case 'object': {
      const next = (inner as z.ZodObject).shape[head as string];
      return next ? keysAt(next as z.ZodType, rest) : [];
    }
    case 'record':
      return keysAt((inner as z.ZodRecord).valueType as z.ZodType, rest);
    case 'array':
      return keysAt((inner as z.ZodArray).element as z.ZodType, rest);
    default:
      return [];
  }
}

function unwrapped(schema: z.ZodType): z.ZodType {
  const def = schema.def as { readonly innerType?: z.ZodType };
  return def.innerType === undefined ? schema : unwrapped(def.innerType);
}
