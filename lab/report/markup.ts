/** Escapes text for HTML and SVG. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** Renders an element. The content must be markup. */
export function element(name: string, attributes: Attributes = {}, ...content: readonly string[]): string {
  const attributeTexts = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escapeMarkup(typeof value === 'number' ? formatNumber(value) : value)}"`);
  return `<${name}${attributeTexts.join('')}>${content.join('')}</${name}>`;
}

/** Formats a number with at most two decimals. */
export function formatNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}
