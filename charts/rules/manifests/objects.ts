import { isNode, LineCounter, parseAllDocuments } from 'yaml';

/** Where a field stands; from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export type Path = readonly (string | number)[];

/** An object of a cluster, ours or anybody's, with the way back to its file. Nothing is known of its shape. */
export interface LocatedObject {
  readonly file: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  /** The value at a path, or undefined. */
  get(...path: Path): unknown;
  /** The place of a path, or of the sortByDistance thing above it that is there. */
  place(path: Path): Place;
}

export interface ParsedFile {
  readonly objects: readonly LocatedObject[];
  /** Why the file, or a document of it, could not be read. */
  readonly unreadable: readonly { readonly file: string; readonly place: Place; readonly reason: string }[];
}

/** The objects of a YAML file: every document, and every item of a List. What is no object of a cluster is passed over, but for bare configurations of Alertmanager. */
export function parseObjects(file: string, text: string): ParsedFile {
  const lines = new LineCounter();
  const objects: LocatedObject[] = [];
  const unreadable: { file: string; place: Place; reason: string }[] = [];
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  for (const document of parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    logLevel: 'error',
  })) {
    const [error] = document.errors;
    if (error) {
      if (!isDefinition(documentAround(text, error.pos[0]))) {
        unreadable.push({ file, place: at(error.pos[0]), reason: error.message });
      }
      continue;
    }
    let value: unknown;
    try {
      value = document.toJS({ maxAliasCount: 100 });
    } catch (trouble) {
      unreadable.push({ file, place: { line: 1, column: 1 }, reason: (trouble as Error).message });
      continue;
    }
    const place = (path: Path): Place => {
      for (let depth = path.length; depth > 0; depth--) {
        const node = document.getIn(path.slice(0, depth), true);
        if (isNode(node) && node.range) {
          return at(node.range[0]);
        }
      }
      return at(document.contents?.range?.[0] ?? 0);
    };
    const items = itemsOf(value);
    objects.push(...items.flatMap(({ item, base }) => located(file, item, (path) => place([...base, ...path]))));
  }
  return { objects, unreadable };
}

/**
 * Definitions of kinds may be as they are: no rule asks for them, and generators break their long texts in a way that Go's parser takes and YAML
 * 1.2 does not (a continuation that stands no further right than its key).
 */
function isDefinition(document: string): boolean {
  const kinds = [...document.matchAll(/^kind:\s*["']?(\w+)/gm)].map(([, kind]) => kind);
  return kinds.length > 0 && kinds.every((kind) => kind === 'CustomResourceDefinition');
}

/** The text between the two `---` around a place. */
function documentAround(text: string, offset: number): string {
  const begin = text.lastIndexOf('\n---', offset);
  const end = text.indexOf('\n---', offset);
  return text.slice(begin === -1 ? 0 : begin, end === -1 ? text.length : end);
}

function itemsOf(value: unknown): readonly { readonly item: unknown; readonly base: Path }[] {
  const items = at(value, ['items']);
  return Array.isArray(items) && /List$/.test(String(at(value, ['kind'])))
    ? items.map((item, index) => ({ item, base: ['items', index] }))
    : [{ item: value, base: [] }];
}

/** An object that was made here and stands in no file. */
export function objectInMemory(value: object, file = 'synth'): readonly LocatedObject[] {
  return located(file, value, () => ({ line: 1, column: 1 }));
}

function located(file: string, value: unknown, place: (path: Path) => Place): readonly LocatedObject[] {
  const text = (...path: Path) => {
    const found = at(value, path);
    return typeof found === 'string' ? found : '';
  };
  const bareAlertmanager = at(value, ['route', 'receiver']) !== undefined && Array.isArray(at(value, ['receivers']));
  const kind = text('kind') || (bareAlertmanager ? 'AlertmanagerConfiguration' : '');
  if (kind === '' || (text('apiVersion') === '' && !bareAlertmanager)) {
    return [];
  }
  return [
    {
      file,
      apiVersion: text('apiVersion'),
      kind,
      name: text('metadata', 'name'),
      namespace: text('metadata', 'namespace'),
      get: (...path) => at(value, path),
      place,
    },
  ];
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      inner !== null && typeof inner === 'object' ? (inner as Record<string | number, unknown>)[key] : undefined,
    value,
  );
}
