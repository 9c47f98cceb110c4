import {
  type Document,
  isMap,
  isNode,
  isPair,
  isSeq,
  LineCounter,
  type Pair,
  parseDocument,
  Scalar,
  visit,
} from 'yaml';
import type { Path } from './field-path';
import type { CatalogProblem } from './problem';

/** The text of a catalog file, and its name in errors. */
export interface CatalogFile {
  readonly file: string;
  readonly text: string;
}

export type ProblemText = Pick<CatalogProblem, 'code' | 'expected' | 'found' | 'nearMiss'>;

/** A parsed YAML file that can locate its fields. */
export interface CatalogDocument {
  readonly file: string;
  /** Undefined if the file is not YAML. A duplicate key has its first value, an alias is null. */
  readonly value: unknown;
  /** Fields whose value is an alias, which is not resolved. */
  readonly aliases: readonly Path[];
  /** Fields whose key occurs more than once. */
  readonly duplicates: readonly Path[];
  /** Creates a problem at the value of a field, or at its nearest existing parent. */
  problemAt(path: Path, problem: ProblemText): CatalogProblem;
  /** Creates a problem at the key of a field. */
  problemAtKey(path: Path, problem: ProblemText): CatalogProblem;
  /** A scalar as it is written in the file, such as `1.10`. */
  sourceAt(path: Path): string | undefined;
}

/** Parses a YAML file. Syntax errors, duplicate keys and additional documents become located problems, never exceptions. */
export function readDocument({ file, text }: CatalogFile): {
  readonly document: CatalogDocument;
  readonly problems: readonly CatalogProblem[];
} {
  const lines = new LineCounter();
  const yaml = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    strict: true,
    version: '1.2',
    logLevel: 'error',
  });
  const problemFrom = (offset: number, path: Path, problem: ProblemText): CatalogProblem => {
    const { line, col } = lines.linePos(offset);
    return {
      file,
      line: Math.max(line, 1),
      column: Math.max(col, 1),
      path: path.map(String).join('.'),
      ...problem,
    };
  };
  const syntax = yaml.errors
    .filter(({ code }) => code !== 'DUPLICATE_KEY')
    .map((error) =>
      problemFrom(error.pos[0], [], { code: 'not-yaml', expected: `well-formed YAML: ${error.message}` }),
    );
  const duplicates = removeDuplicateKeys(yaml);
  const aliases = removeAliases(yaml);
  const problems = [
    ...syntax,
    ...duplicates.map(({ offset, path }) =>
      problemFrom(offset, path, { code: 'duplicate-key', expected: 'each key only once' }),
    ),
    ...aliases.map(({ offset, path, name }) =>
      problemFrom(offset, path, {
        code: 'alias',
        found: `*${name}`,
        expected: 'the value itself: aliases are not supported',
      }),
    ),
  ];
  return {
    problems,
    document: {
      file,
      value: syntax.length > 0 ? undefined : yaml.toJS(),
      aliases: aliases.map(({ path }) => path),
      duplicates: duplicates.map(({ path }) => path),
      problemAt: (path, problem) => problemFrom(offsetOf(yaml, path), path, problem),
      problemAtKey: (path, problem) => problemFrom(keyOffsetOf(yaml, path) ?? offsetOf(yaml, path), path, problem),
      sourceAt: (path) => {
        const node = yaml.getIn(path, true);
        return node instanceof Scalar ? node.source : undefined;
      },
    },
  };
}

interface RemovedNode {
  readonly offset: number;
  readonly path: Path;
}

/** Keeps the first occurrence of each key, so that a path always leads to the value that was parsed. */
function removeDuplicateKeys(yaml: Document): readonly RemovedNode[] {
  const removed: RemovedNode[] = [];
  visit(yaml, {
    Map: (_, map, ancestors) => {
      const seen = new Set<string>();
      map.items = map.items.filter((pair) => {
        const key = keyOf(pair);
        const isDuplicate = seen.has(key);
        seen.add(key);
        if (isDuplicate) {
          removed.push({ offset: offsetOfKey(pair) ?? 0, path: [...pathTo([...ancestors, map]), key] });
        }
        return !isDuplicate;
      });
    },
  });
  return removed;
}

/** Aliases are not supported: they make files harder to read, and a small file can expand to a huge value. */
function removeAliases(yaml: Document): readonly (RemovedNode & { readonly name: string })[] {
  const removed: (RemovedNode & { readonly name: string })[] = [];
  visit(yaml, {
    Alias: (_, alias, ancestors) => {
      removed.push({ offset: alias.range?.[0] ?? 0, path: pathTo([...ancestors, alias]), name: alias.source });
      return new Scalar(null);
    },
  });
  return removed;
}

/** The path of the last node. Each node contains the next one. */
function pathTo(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, index): Path => {
    const inner = nodes[index + 1];
    if (isPair(node)) {
      return [keyOf(node)];
    }
    return isSeq(node) && inner !== undefined ? [node.items.indexOf(inner)] : [];
  });
}

/** The offset of a field's value, or of its nearest existing parent. */
function offsetOf(yaml: Document, path: Path): number {
  for (let depth = path.length; depth > 0; depth--) {
    const node = yaml.getIn(path.slice(0, depth), true);
    if (isNode(node) && node.range) {
      return node.range[0];
    }
  }
  return yaml.contents?.range?.[0] ?? 0;
}

function keyOffsetOf(yaml: Document, path: Path): number | undefined {
  const parent = path.length === 1 ? yaml.contents : yaml.getIn(path.slice(0, -1), true);
  const pair = isMap(parent) ? parent.items.find((item) => keyOf(item) === String(path.at(-1))) : undefined;
  return pair === undefined ? undefined : offsetOfKey(pair);
}

function offsetOfKey({ key }: Pair): number | undefined {
  return isNode(key) ? key.range?.[0] : undefined;
}

function keyOf({ key }: Pair): string {
  return String(key);
}
