export { databaseProblem } from './database-age';
export type { Evidence, ScannedArtifact } from './evidence';
export { mergeObservations } from './merge-observations';
export type { Observation, Scanner } from './observation';
export { parseCheckovInput } from './readers/checkov-input';
export { readCheckovReport } from './readers/checkov-report';
export { readGovulncheckReport } from './readers/govulncheck-report';
export { readGrypeReport } from './readers/grype-report';
export { checkSbom, normalizedSbom, type Sbom, type SbomProblem, type SbomResult } from './readers/sbom';
export { readTrivyConfigReport } from './readers/trivy-config-report';
export { readTrivyImageReport } from './readers/trivy-image-report';
export { inconclusiveReport, reportOn, type ScanReport } from './scan-report';
export {
  describeFinding,
  type FindingsPolicy,
  judgeConfiguration,
  judgeFindings,
  policyFor,
} from './verdict';
