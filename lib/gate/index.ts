export { databaseProblem } from './database-age';
export type { Evidence, ScannedArtifact } from './evidence';
export { findingsSince } from './known-observation';
export { mergeObservations } from './merge-observations';
export { type Observation, type Scanner, scannersWithDatabase } from './observation';
export { parseCheckovInput } from './readers/checkov-input';
export { readCheckovReport } from './readers/checkov-report';
export { readGovulncheckReport } from './readers/govulncheck-report';
export { type GrypeSubject, readGrypeReport } from './readers/grype-report';
export { listPaths } from './readers/list-paths';
export { checkSbom, normalizedSbom, type Sbom, type SbomProblem, type SbomResult } from './readers/sbom';
export { findSuppressions } from './readers/suppressions';
export { readTrivyConfigReport } from './readers/trivy-config-report';
export { readTrivyImageReport, type TrivyImageScan } from './readers/trivy-image-report';
export { readTrivySbomReport, type TrivySbomScan } from './readers/trivy-sbom-report';
export { type ScanBasis, scanDifference } from './reusable-verdict';
export { inconclusiveReport, reportOn, type ScanReport } from './scan-report';
export { judgeSignedFindings } from './signed-findings';
export {
  describeFinding,
  type FindingsPolicy,
  judgeConfiguration,
  judgeFindings,
  judgeRunning,
  policyFor,
} from './verdict';
export { openVexType, type VexDocument, vexDocument } from './vex';
