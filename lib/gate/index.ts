export { parseCheckovInput } from './checkov-input';
export { readCheckovReport } from './checkov-report';
export { readGovulncheckReport } from './govulncheck-report';
export { readGrypeReport } from './grype-report';
export { mergeObservations } from './merge-observations';
export type { Observation, Scanner } from './observation';
export { checkSbom, normalizedSbom, type Sbom, type SbomProblem, type SbomResult } from './sbom';
export { inconclusiveReport, type ScanReport } from './scan-report';
export { readTrivyConfigReport } from './trivy-config-report';
export { readTrivyImageReport } from './trivy-image-report';
export {
  describeFinding,
  type Evidence,
  type FindingsPolicy,
  judgeConfiguration,
  judgeFindings,
  policyFor,
} from './verdict';
