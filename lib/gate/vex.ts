import type { Finding, Scanned } from '../release';
import { canonicalJson, type Digest, digestOf, hexOf, imagePurl } from '../values';
import { followsCalls, scannerNamed } from './observation';

/** The format, and the type of its attestations (https://github.com/openvex/spec/blob/main/OPENVEX-SPEC.md, version 0.2.0). */
export const openVexType = 'https://openvex.dev/ns/v0.2.0';

/** An OpenVEX document: what a scanner of a third party may leave out, and why. */
export interface VexDocument {
  readonly '@context': typeof openVexType;
  readonly '@id': string;
  readonly author: string;
  readonly timestamp: string;
  readonly version: 1;
  readonly tooling: string;
  readonly statements: readonly VexStatement[];
}

interface VexStatement {
  readonly vulnerability: { readonly name: string; readonly aliases: readonly string[] };
  readonly products: readonly VexProduct[];
  readonly status: 'not_affected';
  readonly justification: 'vulnerable_code_not_in_execute_path';
  readonly impact_statement: string;
}

interface VexProduct {
  readonly '@id': string;
  readonly identifiers: { readonly purl: string };
  readonly hashes: { readonly 'sha-256': string };
  readonly subcomponents: readonly { readonly '@id': string }[];
}

/**
 * States which known vulnerabilities of Go modules do not affect an image, because govulncheck followed the calls of the program for every target and
 * found none to a vulnerable function. The same release gives the same bytes.
 * @returns undefined if there is nothing to state
 */
export function vexDocument(
  release: Pick<Scanned, 'service' | 'source' | 'image' | 'scannedAt' | 'tools' | 'verdict'>,
): VexDocument | undefined {
  const { source, image, scannedAt, tools, verdict } = release;
  const statements = verdict.findings.filter(isUncalled).map((finding) => statementOf(finding, image));
  if (statements.length === 0) {
    return undefined;
  }
  const document = {
    '@context': openVexType,
    author: source.repository,
    timestamp: scannedAt,
    version: 1,
    tooling: tools
      .filter(({ name }) => findsCalls(name))
      .map(({ name, version }) => `${name} ${version}`)
      .join(', '),
    statements: statements.sort((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)),
  } as const;
  return { ...document, '@id': `https://bowline.dev/vex/${hexOf(digestOf(canonicalJson(document)))}` };
}

/** Whether a scanner that follows calls knows the advisory, and found no call on any target. */
function isUncalled({ reachable, sources, title }: Finding): boolean {
  return title === undefined && !reachable && sources.some(findsCalls);
}

function findsCalls(name: string): boolean {
  const scanner = scannerNamed(name);
  return scanner !== undefined && followsCalls(scanner);
}

function statementOf(finding: Finding, { repository, digest, platforms }: Scanned['image']): VexStatement {
  const [name = finding.id, ...aliases] = [finding.id, ...finding.aliases].sort(byKind);
  const subcomponents = modulePurls(finding).map((purl) => ({ '@id': purl }));
  const product = (image: Digest): VexProduct => {
    const purl = imagePurl(repository, image);
    return {
      '@id': purl,
      identifiers: { purl },
      hashes: { 'sha-256': hexOf(image) },
      subcomponents,
    };
  };
  const images = [digest, ...Object.values(platforms)];
  return {
    vulnerability: { name, aliases },
    products: [...new Set(images)].sort().map(product),
    status: 'not_affected',
    justification: 'vulnerable_code_not_in_execute_path',
    impact_statement: `govulncheck followed the calls of the program and found none to the vulnerable functions of ${finding.package}. It does not see calls by reflection or from assembly.`,
  };
}

/** A CVE is what most scanners look for; then by text. */
function byKind(a: string, b: string): number {
  return Number(b.startsWith('CVE-')) - Number(a.startsWith('CVE-')) || (a < b ? -1 : 1);
}

/** The module with its version as syft and trivy write it: with `v`, and for the standard library also without. */
function modulePurls({ package: path, version }: Finding): readonly string[] {
  const plain = version.replace(/^(?:go|v)(?=\d)/, '');
  const name = path.split('/').map(encodeURIComponent).join('/');
  return [`pkg:golang/${name}@v${encodeURIComponent(plain)}`, `pkg:golang/${name}@${encodeURIComponent(plain)}`];
}
