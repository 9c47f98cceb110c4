/** File modes of Unix, as a zip's directory has them: what a file is, and who may run it. */
export const unixModes = { kind: 0o170000, link: 0o120000, runnable: 0o111 } as const;

const endOfDirectory = 0x06054b50;
const entryOfDirectory = 0x02014b50;
const endOfDirectory64 = 0x06064b50;
const locator64 = 0x07064b50;
const madeByUnix = 3;

/**
 * The Unix modes in a zip, by name: what unpacking by content alone loses. Entries that were not made on Unix have none.
 * Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3.12–16.
 * @throws Error when it is no zip
 */
export function readUnixModes(zip: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const { entries, offset } = directoryOf(view);
  const modes = new Map<string, number>();
  let at = offset;
  for (let entry = 0; entry < entries; entry++) {
    if (view.getUint32(at, true) !== entryOfDirectory) {
      throw new Error('the directory of a zip is spoiled');
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const name = Buffer.from(zip.buffer, zip.byteOffset + at + 46, nameLength).toString('utf8');
    const mode = view.getUint16(at + 40, true);
    if (view.getUint8(at + 5) === madeByUnix && mode !== 0) {
      modes.set(name, mode);
    }
    at += 46 + nameLength + extraLength + commentLength;
  }
  return modes;
}

function directoryOf(view: DataView): { readonly entries: number; readonly offset: number } {
  // A comment of any length up to 65535 may follow the end: git writes the commit there.
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endOfDirectory) {
      return at >= 20 && view.getUint32(at - 20, true) === locator64
        ? directory64(view, Number(view.getBigUint64(at - 12, true)))
        : { entries: view.getUint16(at + 10, true), offset: view.getUint32(at + 16, true) };
    }
  }
  throw new Error('an artifact is no zip');
}

function directory64(view: DataView, at: number): { readonly entries: number; readonly offset: number } {
  if (view.getUint32(at, true) !== endOfDirectory64) {
    throw new Error('the directory of a zip is spoiled');
  }
  return {
    entries: Number(view.getBigUint64(at + 32, true)),
    offset: Number(view.getBigUint64(at + 48, true)),
  };
}
