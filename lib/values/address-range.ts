import { isIP } from 'node:net';

/** A range of IPv4 or IPv6 addresses. */
export interface ParsedAddressRange {
  readonly version: 4 | 6;
  /** The first address. The bits after the prefix are zero. */
  readonly first: bigint;
  /** Number of leading bits that all addresses share. */
  readonly prefix: number;
}

/** Parses a range in CIDR notation. Undefined if the text is not one. */
export function parseAddressRange(text: string): ParsedAddressRange | undefined {
  const match = /^([0-9A-Fa-f.:]+)\/([0-9]{1,3})$/.exec(text);
  const version = isIP(match?.[1] ?? '');
  const prefix = Number(match?.[2]);
  if (version === 0 || prefix > bitsOf(version as 4 | 6)) {
    return undefined;
  }
  const bits = bitsOf(version as 4 | 6);
  const address = version === 4 ? parseVersion4(match?.[1] ?? '') : parseVersion6(match?.[1] ?? '');
  const shift = BigInt(bits - prefix);
  return { version: version as 4 | 6, first: (address >> shift) << shift, prefix };
}

/** Whether every address of `inner` is in `outer`. Two ranges are nested or have no address in common. */
export function containsRange(outer: ParsedAddressRange, inner: ParsedAddressRange): boolean {
  const shift = BigInt(bitsOf(outer.version) - outer.prefix);
  return (
    outer.version === inner.version && outer.prefix <= inner.prefix && outer.first >> shift === inner.first >> shift
  );
}

function bitsOf(version: 4 | 6): 32 | 128 {
  return version === 4 ? 32 : 128;
}

function parseVersion4(text: string): bigint {
  return text.split('.').reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

/** @param text a valid address. It may end with an IPv4 address. */
function parseVersion6(text: string): bigint {
  const [, start = '', version4] = /^(.*:)([0-9.]+\.[0-9.]+)?$/.exec(text) ?? [undefined, text];
  const tail =
    version4 === undefined ? '' : parseVersion4(version4).toString(16).padStart(8, '0').replace(/^.{4}/, '$&:');
  const [left = '', right] = `${start}${tail}`.split('::');
  const words = (part: string) => part.split(':').filter((word) => word !== '');
  const [head, end] = [words(left), words(right ?? '')];
  const zeros = Array.from({ length: 8 - head.length - end.length }, () => '0');
  return [...head, ...zeros, ...end].reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n);
}
