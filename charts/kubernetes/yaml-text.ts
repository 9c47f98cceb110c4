import { Document, Scalar, visit } from 'yaml';

/**
 * Characters that a YAML file cannot contain as they are (https://yaml.org/spec/1.2.2/#51-character-set), or that only YAML 1.1 takes for line
 * breaks. Kubernetes reads manifests by the rules of YAML 1.1 (sigs.k8s.io/yaml), other tools by those of 1.2.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it finds them
const unsafe = /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/;
const everyUnsafe = new RegExp(unsafe, 'g');

/** An octal number of YAML 1.2, which is text in YAML 1.1, and a merge key. */
const ambiguous = /^(?:[-+]?0o[0-7_]+|<<)$/;

/**
 * Writes objects as YAML, one document per object, so that the libraries of YAML 1.1 and 1.2 read the same texts. A text with a character that
 * they read differently, or not at all, is written in double quotes with escapes.
 */
export function stringifyYaml(...objects: readonly object[]): string {
  return objects.map(stringifyDocument).join('---\n');
}

function stringifyDocument(object: object): string {
  const document = new Document(object, {
    keepUndefined: true,
    // As in cdk8s: texts such as `yes` and `0777` are quoted.
    version: '1.1',
    // A text `<<` is no merge key. With the tag, the library writes it without quotes.
    customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:merge'),
  });
  let hasEscapes = false;
  visit(document, {
    Scalar(_, scalar) {
      if (typeof scalar.value !== 'string') {
        return;
      }
      const isUnsafe = unsafe.test(scalar.value);
      hasEscapes ||= isUnsafe;
      if (isUnsafe || ambiguous.test(scalar.value)) {
        scalar.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  if (!hasEscapes) {
    return document.toString({ lineWidth: 0 });
  }
  // All of them are in double quotes now.
  return document
    .toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Infinity })
    .replace(everyUnsafe, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
