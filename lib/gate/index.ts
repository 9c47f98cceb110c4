export { parseCheckovInput } from './checkov-input';
export { readCheckovReport } from './checkov-report';
export { readGovulncheckReport } from './govulncheck-report';
export { readGrypeReport } from './grype-report';
export { inconclusiveReport, type Observation, type Scanner, type ScanReport } from './observation';
export { checkSbom, normalizedSbom, type Sbom, type SbomProblem, type SbomResult } from './sbom';
export { readTrivyConfigReport } from './trivy-config-report';
export { readTrivyImageReport } from './trivy-image-report';
export {
  describeFinding,
  type Evidence,
  type FindingsPolicy,
  judgeConfiguration,
  judgeFindings,
  mergeObservations,
  policyFor,
} from './verdict';
