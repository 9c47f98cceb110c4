import { isMap, isScalar, type Pair, parseDocument, type Scalar } from 'yaml';

/**
 * Sets the toolbox in platform.yaml and keeps every other byte: comments, order, quotation marks.
 * @throws Error if the text is not a YAML mapping
 */
export function setToolbox(text: string, image: string): string {
  const document = parseDocument(text);
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents)) {
    throw new Error('platform.yaml is not a YAML mapping');
  }
  const pairs = contents.items as readonly Pair<Scalar, Scalar>[];
  const toolbox = pairs.find(({ key }) => isScalar(key) && key.value === 'toolbox');
  if (toolbox !== undefined) {
    const [start, end] = (toolbox.value?.range ?? [undefined, undefined]) as readonly (number | undefined)[];
    if (start === undefined || end === undefined) {
      throw new Error('cannot locate the toolbox in platform.yaml');
    }
    return `${text.slice(0, start)}${image}${text.slice(end)}`;
  }
  if (contents.flow) {
    throw new Error('platform.yaml uses flow style ({ … }): set the toolbox manually');
  }
  // Insert after bases, if present: both contain images by digest.
  const bases = pairs.find(({ key }) => isScalar(key) && key.value === 'bases');
  const lineEnd = text.indexOf('\n', (bases?.value?.range?.[1] ?? text.length) - 1);
  const before = lineEnd < 0 ? `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}` : text.slice(0, lineEnd + 1);
  return `${before}toolbox: ${image}\n${lineEnd < 0 ? '' : text.slice(lineEnd + 1)}`;
}
