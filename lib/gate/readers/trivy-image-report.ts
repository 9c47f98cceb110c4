import { z } from 'zod';
import type { Digest } from '../../values';
import { equivalentIds } from '../advisory-ids';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { listPaths } from './list-paths';
import { parseReport } from './report-document';
import { modifiedFindingsSchema, severityOf } from './trivy-fields';

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
        Target: z.string().optional(),
        Type: z.string().optional(),
        Packages: z.array(z.looseObject({ Name: z.string() })).nullish(),
        Vulnerabilities: z.array(vulnerabilitySchema).nullish(),
        ExperimentalModifiedFindings: modifiedFindingsSchema,
      }),
    )
    .nullish(),
});

/** A scan of an image with trivy. */
export interface TrivyImageScan {
  /** The digest of the scanned image. */
  readonly image: Digest;
  /** The path of the service's program in the image, such as `/hello`. */
  readonly program: string;
  /** The time of the database, which the report does not have: `UpdatedAt` in `db/metadata.json`. */
  readonly builtAt: string;
}

/**
 * Reads the output of `trivy image --format json --list-all-pkgs`. trivy exits with 0 even if it found nothing to scan, so the report must be
 * about this image and have the Go binary of the service with the standard library. Other Go binaries, such as tools of the base, prove nothing.
 */
export function readTrivyImageReport(text: string, { image, program, builtAt }: TrivyImageScan): ScanReport {
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
    const modified = results.flatMap(({ ExperimentalModifiedFindings }) => ExperimentalModifiedFindings ?? []);
    if (modified.length > 0) {
      return inconclusiveReport(
        'trivy',
        'ignored-findings',
        `expected no suppressed finding in the report of trivy, found ${modified.length} by ${listPaths([...new Set(modified.map(({ Source }) => Source ?? 'an unknown source'))])}: accept risks in accepted-risks.yaml only`,
      );
    }
    const modules = results.flatMap(({ Target, Type, Packages }) =>
      Type === 'gobinary' && `/${Target}` === program ? (Packages ?? []) : [],
    );
    if (!modules.some(({ Name }) => Name === 'stdlib')) {
      return inconclusiveReport(
        'trivy',
        'vacuous-report',
        `expected the Go binary ${program} with the standard library in ${image}, found ${modules.length} Go modules of it: trivy could not read the binary`,
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
