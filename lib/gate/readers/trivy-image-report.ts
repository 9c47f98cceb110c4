import { z } from 'zod';
import type { Digest } from '../../values';
import { equivalentIds } from '../advisory-ids';
import type { Observation } from '../observation';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { parseReport } from './report-document';

const vulnerabilitySchema = z.looseObject({
  VulnerabilityID: z.string().min(1),
  VendorIDs: z.array(z.string()).nullish(),
  PkgName: z.string(),
  InstalledVersion: z.string().default(''),
  FixedVersion: z.string().optional(),
  Severity: z.string().optional(),
});

const reportSchema = z.looseObject({
  SchemaVersion: z.literal(2),
  ArtifactType: z.literal('container_image'),
  Metadata: z.looseObject({ RepoDigests: z.array(z.string()).min(1) }),
  Results: z
    .array(
      z.looseObject({
        Type: z.string().optional(),
        Packages: z.array(z.looseObject({ Name: z.string() })).nullish(),
        Vulnerabilities: z.array(vulnerabilitySchema).nullish(),
      }),
    )
    .nullish(),
});

const severityOf: Readonly<Record<string, Observation['severity']>> = {
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  CRITICAL: 'critical',
};

/**
 * Reads the output of `trivy image --format json --list-all-pkgs`. trivy exits with 0 even if it found nothing to scan, so the report must be
 * about this image and have at least one Go binary with the standard library.
 * @param image digest of the scanned image
 * @param builtAt time of the database, which the report does not have: `UpdatedAt` in `db/metadata.json`
 */
export function readTrivyImageReport(text: string, image: Digest, builtAt: string): ScanReport {
  return readReport('trivy', text, (json) => {
    const { Metadata, Results } = parseReport(reportSchema, json);
    const digests = Metadata.RepoDigests.map((name) => name.slice(name.indexOf('@') + 1));
    if (!digests.every((digest) => digest === image)) {
      return inconclusiveReport(
        'trivy',
        'other-image',
        `expected a report of trivy on ${image}, found one on ${digests.join(', ')}`,
      );
    }
    const results = Results ?? [];
    const modules = results.flatMap(({ Type, Packages }) => (Type === 'gobinary' ? (Packages ?? []) : []));
    if (!modules.some(({ Name }) => Name === 'stdlib')) {
      return inconclusiveReport(
        'trivy',
        'vacuous-report',
        `expected a Go binary with the standard library in ${image}, found ${modules.length} Go modules: trivy could not read the binary`,
      );
    }
    return {
      ok: true,
      scanner: 'trivy',
      database: { builtAt },
      observations: results
        .flatMap(({ Vulnerabilities }) => Vulnerabilities ?? [])
        .map((found) => ({
          id: found.VulnerabilityID,
          aliases: equivalentIds(found.VulnerabilityID, found.VendorIDs ?? []),
          package: found.PkgName,
          version: found.InstalledVersion,
          severity: severityOf[found.Severity ?? ''] ?? 'unknown',
          fixedIn: found.FixedVersion || undefined,
          source: 'trivy' as const,
          reachable: false,
        })),
    };
  });
}
