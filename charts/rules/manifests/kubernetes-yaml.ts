import { type Document, isScalar, type LineCounter, parseAllDocuments, type Tags, visit } from 'yaml';

/** A reason why Kubernetes does not read a document, with its offset in the text. */
export interface DocumentFault {
  readonly offset: number;
  readonly reason: string;
}

/** Tags of YAML 1.1 that Go's parser does not have: it reads `1:30` and `2026-11-30` as texts. */
const unknownToGo = ['tag:yaml.org,2002:timestamp', 'tag:yaml.org,2002:omap', 'tag:yaml.org,2002:pairs'];

/**
 * Parses a text as Kubernetes does: YAML 1.1, in which `yes` and `on` are true, 062 is 50, and `<<` merges a map.
 * @throws RangeError for a text that is nested too deeply
 * @see https://pkg.go.dev/sigs.k8s.io/yaml
 */
export function parseKubernetesYaml(text: string, lineCounter: LineCounter): readonly Document[] {
  const documents = parseAllDocuments(text, {
    lineCounter,
    version: '1.1',
    customTags: (tags: Tags) =>
      tags
        .filter((tag) => typeof tag === 'string' || !(unknownToGo.includes(tag.tag) || isBase60(tag)))
        .map((tag) => (typeof tag === 'string' ? tag : asInGo(tag))),
    prettyErrors: false,
    // findFault says it better, with both lines.
    uniqueKeys: false,
    logLevel: 'error',
  });
  return [...documents];
}

type CustomTag = Exclude<Tags[number], string>;

/**
 * A number has a digit before its exponent and beside its point. YAML 1.1 has looser patterns, by which the path `.` is no number and `e5` is zero.
 * @see https://github.com/go-yaml/yaml/blob/v2.4.0/resolve.go (yamlStyleFloat)
 */
function asInGo(tag: CustomTag): CustomTag {
  if (tag.tag !== 'tag:yaml.org,2002:float' || !('test' in tag) || tag.test?.test('.inf') === true) {
    return tag;
  }
  const hasExponent = 'format' in tag && tag.format === 'EXP';
  const test = hasExponent
    ? /^[-+]?(?:\.[0-9]|[0-9])[0-9_]*(?:\.[0-9_]*)?[eE][-+]?[0-9]+$/
    : /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*\.[0-9_]*)$/;
  return { ...tag, test } as CustomTag;
}

function isBase60(tag: CustomTag): boolean {
  return 'format' in tag && tag.format === 'TIME';
}

/** The first alias that Kubernetes cannot resolve, or the first key that a map has twice. Undefined for a document that it reads. */
export function findFault(document: Document, lines: LineCounter): DocumentFault | undefined {
  let fault: DocumentFault | undefined;
  visit(document, {
    Alias: (_, alias, ancestors) => {
      const offset = alias.range?.[0] ?? 0;
      const target = alias.resolve(document);
      if (target === undefined) {
        fault = { offset, reason: `*${alias.source} is an alias of nothing: define &${alias.source} before it` };
      } else if (ancestors.includes(target)) {
        const reason = `*${alias.source} contains itself: &${alias.source} is a value around it, and no object ends then`;
        fault = { offset, reason };
      }
      return fault === undefined ? undefined : visit.BREAK;
    },
    Map: (_, { items }) => {
      const first = new Map<unknown, number>();
      for (const { key } of items) {
        if (!isScalar(key) || key.range == null || key.value === '<<') {
          continue;
        }
        const offset = key.range[0];
        const before = first.get(key.value);
        if (before !== undefined) {
          const line = lines.linePos(before).line;
          const reason = `the key ${String(key.value)} is here and in line ${line}, and only one of them counts: remove the other`;
          fault = { offset, reason };
          return visit.BREAK;
        }
        first.set(key.value, offset);
      }
      return undefined;
    },
  });
  return fault;
}
