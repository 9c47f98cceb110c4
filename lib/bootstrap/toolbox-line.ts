import { isMap, isScalar, type Pair, parseDocument, type Scalar } from 'yaml';

/**
 * platform.yaml with this toolbox, every other byte as it was: comments, order, quotation marks.
 * @throws Error when the text is no YAML map
 */
export function withToolbox(text: string, image: string): string {
  const document = parseDocument(text);
  const { contents } = document;
  if (document.errors.length > 0 || !isMap(contents)) {
    throw new Error('platform.yaml is no YAML that can be edited');
  }
  const pairs = contents.items as readonly Pair<Scalar, Scalar>[];
  const toolbox = pairs.find(({ key }) => isScalar(key) && key.value === 'toolbox');
  if (toolbox !== undefined) {
    const [from, to] = (toolbox.value?.range ?? [undefined, undefined]) as readonly (number | undefined)[];
    if (from === undefined || to === undefined) {
      throw new Error('the toolbox of platform.yaml has no place');
    }
    return `${text.slice(0, from)}${image}${text.slice(to)}`;
  }
  if (contents.flow) {
    throw new Error('platform.yaml is one line in braces: write the toolbox there by hand');
  }
  // Behind the bases, where there are some: both are images by digest.
  const bases = pairs.find(({ key }) => isScalar(key) && key.value === 'bases');
  const end = text.indexOf('\n', (bases?.value?.range?.[1] ?? text.length) - 1);
  const before = end < 0 ? `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}` : text.slice(0, end + 1);
  return `${before}toolbox: ${image}\n${end < 0 ? '' : text.slice(end + 1)}`;
}
