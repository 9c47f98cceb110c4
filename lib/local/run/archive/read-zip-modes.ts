/** Bits of a Unix file mode. */
export const unixModes = { typeMask: 0o170000, link: 0o120000, executable: 0o111 } as const;

const endOfCentralDirectory = 0x06054b50;
const centralDirectoryEntry = 0x02014b50;
const endOfCentralDirectory64 = 0x06064b50;
const zip64Locator = 0x07064b50;
const madeByUnix = 3;

/**
 * The Unix file modes in a zip, by entry name, which fflate does not read. Entries from other systems have none.
 * Layout: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT §4.3.12–16.
 * @throws Error when the content is not a zip
 */
export function readUnixModes(zip: Uint8Array): ReadonlyMap<string, number> {
  const view = new DataView(zip.buffer, zip.byteOffset, zip.byteLength);
  const { entries, offset } = findCentralDirectory(view);
  const modes = new Map<string, number>();
  let at = offset;
  for (let entry = 0; entry < entries; entry++) {
    if (view.getUint32(at, true) !== centralDirectoryEntry) {
      throw new Error('the central directory of the zip is invalid');
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

function findCentralDirectory(view: DataView): { readonly entries: number; readonly offset: number } {
  // A comment of up to 65,535 bytes may follow: git writes the commit there.
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 0xffff); at--) {
    if (view.getUint32(at, true) === endOfCentralDirectory) {
      return at >= 20 && view.getUint32(at - 20, true) === zip64Locator
        ? readCentralDirectory64(view, Number(view.getBigUint64(at - 12, true)))
        : { entries: view.getUint16(at + 10, true), offset: view.getUint32(at + 16, true) };
    }
  }
  throw new Error('the artifact is not a zip file');
}

function readCentralDirectory64(view: DataView, at: number): { readonly entries: number; readonly offset: number } {
  if (view.getUint32(at, true) !== endOfCentralDirectory64) {
    throw new Error('the central directory of the zip is invalid');
  }
  return {
    entries: Number(view.getBigUint64(at + 32, true)),
    offset: Number(view.getBigUint64(at + 48, true)),
  };
}
