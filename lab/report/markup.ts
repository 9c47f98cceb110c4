/** Text that stands in HTML or SVG. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element. Its content is markup already. */
export function element(name: string, attributes: Attributes = {}, ...content: readonly string[]): string {
  const words = Object.entries(attributes)
    .filter((entry): entry is [string, string | number] => entry[1] !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? short(value) : value)}"`);
  return `<${name}${words.join('')}>${content.join('')}</${name}>`;
}

/** A number without a tail of digits that nobody sees. */
export function short(value: number): string {
  return String(Number(value.toFixed(2)));
}
