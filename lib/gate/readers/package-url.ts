/** The qualifiers that make it another package. Of several architectures of one version, trivy lists one: their vulnerabilities are the same. */
const identifying = ['distro', 'epoch'] as const;

/**
 * What identifies the package of a package URL (https://github.com/package-url/purl-spec): equal for the URLs that syft writes and that trivy makes of
 * them. They differ in what they encode, in the order of qualifiers, and in the case of Go modules.
 */
export function packageIdentity(purl: string): string {
  const [beforeSubpath, subpath] = split(purl, '#');
  const [location, qualifiers] = split(beforeSubpath, '?');
  const versionAt = location.lastIndexOf('@');
  const [path, version] =
    versionAt < 0 ? [location, ''] : [location.slice(0, versionAt), location.slice(versionAt + 1)];
  const values = new Map(qualifiers.split('&').map((each) => split(each, '=')));
  return JSON.stringify([
    path.split('/').map((segment) => decoded(segment).toLowerCase()),
    decoded(version),
    identifying.map((name) => decoded(values.get(name) ?? '')),
    decoded(subpath),
  ]);
}

function split(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
