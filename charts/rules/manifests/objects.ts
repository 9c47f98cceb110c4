import { type Document, isNode, isScalar, LineCounter } from 'yaml';
import { type DocumentFault, findFault, parseKubernetesYaml } from './kubernetes-yaml';

/** A Kubernetes object with the positions of its fields in its file. It comes from anywhere, so its shape is unknown. */
export interface LocatedObject {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** The value at a path, or undefined. */
  get(...path: Path): unknown;
  /** The position of a path, or of its nearest existing parent. */
  locate(path: Path): Position;
}

export type Path = readonly (string | number)[];

/** A position in a file, counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ParsedFile {
  readonly objects: readonly LocatedObject[];
  /** Documents that could not be parsed, with the reasons. */
  readonly unreadable: readonly UnreadableDocument[];
}

/** A document, or a whole file, that Kubernetes does not read. */
export interface UnreadableDocument {
  readonly file: string;
  readonly place: Position;
  readonly reason: string;
  /** There is no YAML of an object at all: only text, or bytes that are no text. */
  readonly notYaml?: true;
}

/**
 * Parses the objects of a YAML file: every document, and every item of a List. Documents that are not Kubernetes objects are skipped, except for
 * configuration files of Alertmanager.
 */
export function parseObjects(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const objects: LocatedObject[] = [];
  const unreadable: UnreadableDocument[] = [];
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  let documents: readonly Document[];
  try {
    documents = parseKubernetesYaml(text, lines);
  } catch (error) {
    return { objects, unreadable: [{ file, place: positionAt(0), reason: describeFailure(error) }] };
  }
  for (const document of documents) {
    const fault = findProblem(document, lines);
    if (fault !== undefined) {
      const { offset, reason, notYaml } = fault;
      if (!isCustomResourceDefinition(documentAround(text, offset))) {
        unreadable.push({ file, place: positionAt(offset), reason, ...(notYaml ? { notYaml } : {}) });
      }
      continue;
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (error) {
      const offset = document.contents?.range?.[0] ?? 0;
      unreadable.push({ file, place: positionAt(offset), reason: describeFailure(error) });
      continue;
    }
    const locate = (path: Path): Position => {
      for (let depth = path.length; depth > 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) {
          return positionAt(node.range[0]);
        }
      }
      return positionAt(document.contents?.range?.[0] ?? 0);
    };
    for (const { item, base } of itemsOf(value)) {
      objects.push(...locatedObject(file, item, (path) => locate([...base, ...path])));
    }
  }
  return { objects, unreadable };
}

interface Problem extends DocumentFault {
  readonly notYaml?: boolean;
}

/** Why Kubernetes does not read a document, or undefined. */
function findProblem(document: Document, lines: LineCounter): Problem | undefined {
  const [error] = document.errors;
  if (error !== undefined) {
    return { offset: error.pos[0], reason: error.message };
  }
  const { contents } = document;
  if (isScalar(contents) && contents.value !== null) {
    const reason = 'the document is only text, expected YAML with apiVersion and kind';
    return { offset: contents.range?.[0] ?? 0, reason, notYaml: true };
  }
  try {
    return findFault(document, lines);
  } catch (failure) {
    return { offset: contents?.range?.[0] ?? 0, reason: describeFailure(failure) };
  }
}

function describeFailure(error: unknown): string {
  return error instanceof RangeError ? 'the document is nested too deeply' : (error as Error).message;
}

/** An object that is not in a file, such as one that a construct renders. */
export function objectInMemory(value: object, file = 'synth'): readonly LocatedObject[] {
  return locatedObject(file, value, () => ({ line: 1, column: 1 }));
}

/**
 * CustomResourceDefinitions may be unreadable: no rule checks them, and generators wrap their long texts in a way that Go's parser accepts and
 * YAML 1.2 does not (a continuation line that is not indented further than its key).
 */
function isCustomResourceDefinition(document: string): boolean {
  const kinds = [...document.matchAll(/^kind:\s*["']?(\w+)/gm)].map(([, kind]) => kind);
  return kinds.length > 0 && kinds.every((kind) => kind === 'CustomResourceDefinition');
}

/** The text between the two `---` around an offset. */
function documentAround(text: string, offset: number): string {
  const begin = text.lastIndexOf('\n---', offset);
  const end = text.indexOf('\n---', offset);
  return text.slice(begin === -1 ? 0 : begin, end === -1 ? text.length : end);
}

function itemsOf(value: unknown): readonly { readonly item: unknown; readonly base: Path }[] {
  const items = valueAt(value, ['items']);
  return Array.isArray(items) && /List$/.test(String(valueAt(value, ['kind'])))
    ? items.map((item, index) => ({ item, base: ['items', index] }))
    : [{ item: value, base: [] }];
}

function locatedObject(file: string, value: unknown, locate: (path: Path) => Position): readonly LocatedObject[] {
  const textAt = (...path: Path) => {
    const found = valueAt(value, path);
    return typeof found === 'string' ? found : '';
  };
  const isAlertmanagerFile =
    valueAt(value, ['route', 'receiver']) !== undefined && Array.isArray(valueAt(value, ['receivers']));
  const kind = textAt('kind') || (isAlertmanagerFile ? 'AlertmanagerConfiguration' : '');
  if (kind === '' || (textAt('apiVersion') === '' && !isAlertmanagerFile)) {
    return [];
  }
  return [
    {
      file,
      apiVersion: textAt('apiVersion'),
      kind,
      name: textAt('metadata', 'name'),
      namespace: textAt('metadata', 'namespace'),
      get: (...path) => valueAt(value, path),
      locate,
    },
  ];
}

function valueAt(value: unknown, path: Path): unknown {
  let inner = value;
  for (const key of path) {
    inner = inner !== null && typeof inner === 'object' ? (inner as Record<string | number, unknown>)[key] : undefined;
  }
  return inner;
}
