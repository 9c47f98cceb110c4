import type { Finding, Scanned, Verdict } from '../release';
import { canonicalJson, type Digest } from '../values';
import { inputOf, scannerNamed } from './observation';

/** What decides about the verdict of a scan, besides the image. */
export interface ScanBasis {
  readonly tools: Scanned['tools'];
  readonly databases: Verdict['databases'];
  /** The digest of the policy. */
  readonly policy: Digest;
  /** The verdict of the configuration files, which do not belong to the image. */
  readonly configuration: Pick<Verdict, 'outcome' | 'findings'>;
}

/**
 * Why a signed verdict about an image is not the one that a scan of the image would give now. The same image has the same packages and calls the same
 * functions, whatever commit it was built from.
 * @param signed a verified verdict about this image
 * @returns undefined if a scan would find the same
 */
export function scanDifference(signed: Pick<Scanned, 'tools' | 'verdict'>, basis: ScanBasis): string | undefined {
  const { verdict } = signed;
  if (!isSame(signed.tools, basis.tools)) {
    return `it is by ${describeTools(signed.tools)}, and this machine has ${describeTools(basis.tools)}`;
  }
  if (!isSame(verdict.databases, basis.databases)) {
    return `its databases are ${describeDatabases(verdict.databases)}, and today's are ${describeDatabases(basis.databases)}`;
  }
  if (verdict.policy !== basis.policy) {
    return 'the policy has changed since';
  }
  if (
    basis.configuration.outcome !== 'passed' ||
    !isSame(verdict.findings.filter(isConfiguration), basis.configuration.findings)
  ) {
    return 'the Dockerfile or the manifests have other findings now';
  }
  return undefined;
}

/** Whether checkers of configuration files reported a finding. */
function isConfiguration({ sources }: Finding): boolean {
  return sources.every((name) => {
    const scanner = scannerNamed(name);
    return scanner !== undefined && inputOf(scanner) === 'configuration';
  });
}

/** Compares lists whose order says nothing. */
function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  const sorted = (list: readonly unknown[]) => list.map(canonicalJson).sort().join('\n');
  return sorted(a) === sorted(b);
}

function describeTools(tools: Scanned['tools']): string {
  return tools.map(({ name, version }) => `${name} ${version}`).join(', ');
}

function describeDatabases(databases: Verdict['databases']): string {
  return databases
    .map(({ scanner, origin, builtAt }) => `${scanner} (${origin}) of ${builtAt}`)
    .sort()
    .join(', ');
}
