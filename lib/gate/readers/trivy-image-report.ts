import { z } from 'zod';
import type { Digest } from '../../values';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { parseReport } from './report-document';
import { modifiedFindingsSchema, observationOf, suppressedFindings, vulnerabilitySchema } from './trivy-fields';

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
    const suppressed = suppressedFindings(results);
    if (suppressed !== undefined) {
      return suppressed;
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
      observations: results.flatMap(({ Vulnerabilities }) => Vulnerabilities ?? []).map(observationOf),
    };
  });
}
