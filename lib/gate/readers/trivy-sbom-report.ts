import { z } from 'zod';
import { inconclusiveReport, readReport, type ScanReport } from '../scan-report';
import { listPaths } from './list-paths';
import { packageIdentity } from './package-url';
import { parseReport } from './report-document';
import type { Sbom } from './sbom';
import {
  modifiedFindingsSchema,
  observationOf,
  packageSchema,
  suppressedFindings,
  vulnerabilitySchema,
} from './trivy-fields';

const reportSchema = z.looseObject({
  SchemaVersion: z.literal(2),
  ArtifactType: z.literal('cyclonedx'),
  /** The file that trivy read. */
  ArtifactName: z.string(),
  Results: z
    .array(
      z.looseObject({
        Packages: z.array(packageSchema).nullish(),
        Vulnerabilities: z.array(vulnerabilitySchema).nullish(),
        ExperimentalModifiedFindings: modifiedFindingsSchema,
      }),
    )
    .nullish(),
});

/** A scan of an SBOM with trivy. */
export interface TrivySbomScan {
  /** The file that trivy got. */
  readonly file: string;
  readonly sbom: Sbom;
  /** The time of the database: `UpdatedAt` in `db/metadata.json`. */
  readonly builtAt: string;
}

/** The kinds of packages in the SBOM of an image, which trivy looks up (https://github.com/package-url/purl-spec). */
const lookedUp = /^pkg:(?:golang|deb|apk|rpm)\//;

/**
 * Reads the output of `trivy sbom --format json --list-all-pkgs`. trivy leaves out packages of a distribution that it does not recognize, and exits
 * with 0: a report without every package of the SBOM, in each version and kind, is inconclusive.
 */
export function readTrivySbomReport(text: string, { file, sbom, builtAt }: TrivySbomScan): ScanReport {
  return readReport('trivy', text, (json) => {
    const { ArtifactName, Results } = parseReport(reportSchema, json);
    if (ArtifactName !== file) {
      return inconclusiveReport(
        'trivy',
        'other-image',
        `expected a report of trivy on ${file}, found one on ${listPaths([ArtifactName])}`,
      );
    }
    const results = Results ?? [];
    const suppressed = suppressedFindings(results);
    if (suppressed !== undefined) {
      return suppressed;
    }
    const listed = new Set(
      results
        .flatMap(({ Packages }) => Packages ?? [])
        .map(({ Name, Identifier }) => packageKey(Name, Identifier?.PURL ?? '')),
    );
    const expected = sbom.components.filter(({ purl }) => purl !== undefined && lookedUp.test(purl));
    const left = expected.filter(({ name, purl = '' }) => !listed.has(packageKey(name, purl)));
    const missing = [...new Set(left.map(({ name, version = '' }) => `${name} ${version}`.trim()))];
    if (expected.length === 0 || missing.length > 0) {
      return inconclusiveReport(
        'trivy',
        'vacuous-report',
        expected.length === 0
          ? 'expected packages in the SBOM, found none'
          : `expected a report of trivy on every package of the SBOM, found none on ${listPaths(missing)}: trivy does not know them`,
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

/** The name too: in its package URL, trivy writes it in lower case, and two Go modules can differ in case only. */
function packageKey(name: string, purl: string): string {
  return JSON.stringify([name, packageIdentity(purl)]);
}
