/** The text of a manifest, or why there is none. */
export type ManifestText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Decodes a manifest. It has to be UTF-8: what other programs write, such as UTF-16, would be judged as a file without objects. */
export function decodeManifest(bytes: Uint8Array): ManifestText {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    return {
      ok: false,
      reason: 'the file is UTF-16, expected UTF-8: save it as UTF-8 (in PowerShell: | Out-File -Encoding utf8)',
    };
  }
  if (bytes.includes(0)) {
    return { ok: false, reason: 'the file is not text (it has a byte 0), expected YAML: save it as UTF-8' };
  }
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, reason: 'the file has bytes that are not UTF-8: save it as UTF-8' };
  }
}
