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

/** The text of one catalog file and the name that errors give it. */
export interface CatalogFile {
  readonly file: string;
  readonly text: string;
}

export type ProblemText = Pick<CatalogProblem, 'code' | 'expected' | 'found' | 'nearMiss'>;

/** A YAML file of the catalog, with the way back from a field to its line. */
export interface CatalogDocument {
  readonly file: string;
  /** Undefined where the file is no YAML. Of a key that stands twice the first value, of an alias null. */
  readonly value: unknown;
  /** Fields that are an alias: nothing of theirs was read. */
  readonly unread: readonly Path[];
  /** Fields that are said twice: which value is meant can't be told. */
  readonly duplicated: readonly Path[];
  /** A problem at the field `path`, or at the nearest thing above it that is there. */
  problemAt(path: Path, problem: ProblemText): CatalogProblem;
  /** A problem with the key of the field rather than with its value. */
  problemAtKey(path: Path, problem: ProblemText): CatalogProblem;
  /** A plain value as it is written, such as `1.10`. */
  sourceAt(path: Path): string | undefined;
}

/** Reads the text of one YAML file. A syntax error, a duplicate key and a second document are problems with a place, never exceptions. */
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
  const twice = removeDuplicateKeys(yaml);
  const aliases = removeAliases(yaml);
  const problems = [
    ...syntax,
    ...twice.map(({ offset, path }) =>
      problemFrom(offset, path, { code: 'duplicate-key', expected: 'every key once' }),
    ),
    ...aliases.map(({ offset, path, name }) =>
      problemFrom(offset, path, {
        code: 'alias',
        found: `*${name}`,
        expected: 'the value itself: aliases are not taken',
      }),
    ),
  ];
  return {
    problems,
    document: {
      file,
      value: syntax.length > 0 ? undefined : yaml.toJS(),
      unread: aliases.map(({ path }) => path),
      duplicated: twice.map(({ path }) => path),
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

/** Leaves the first value of every key, so that what is read and what a place leads to are the same. */
function removeDuplicateKeys(yaml: Document): readonly RemovedNode[] {
  const taken: RemovedNode[] = [];
  visit(yaml, {
    Map: (_, map, ancestors) => {
      const seen = new Set<string>();
      map.items = map.items.filter((pair) => {
        const key = keyOf(pair);
        const again = seen.has(key);
        seen.add(key);
        if (again) {
          taken.push({ offset: offsetOfKey(pair) ?? 0, path: [...pathTo([...ancestors, map]), key] });
        }
        return !again;
      });
    },
  });
  return taken;
}

/** An alias saves typing in a file that is read far more often than written, and lets a small file become a huge value. */
function removeAliases(yaml: Document): readonly (RemovedNode & { readonly name: string })[] {
  const taken: (RemovedNode & { readonly name: string })[] = [];
  visit(yaml, {
    Alias: (_, alias, ancestors) => {
      taken.push({ offset: alias.range?.[0] ?? 0, path: pathTo([...ancestors, alias]), name: alias.source });
      return new Scalar(null);
    },
  });
  return taken;
}

/** The path of the last of `nodes`, each of which holds the next. */
function pathTo(nodes: readonly unknown[]): Path {
  return nodes.flatMap((node, index): Path => {
    const inner = nodes[index + 1];
    if (isPair(node)) {
      return [keyOf(node)];
    }
    return isSeq(node) && inner !== undefined ? [node.items.indexOf(inner)] : [];
  });
}

/** Where a field begins: the value if it is there, else the nearest parent. */
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
