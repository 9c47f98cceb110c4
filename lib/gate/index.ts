export { readGovulncheckReport } from './govulncheck-report';
export { readGrypeReport } from './grype-report';
export type { Observation, ScanReport } from './observation';
export { checkSbom, type Sbom, type SbomProblem, type SbomResult, steadySbom } from './sbom';
export { describeFinding, type Evidence, type FindingsPolicy, judgeFindings, mergeObservations } from './verdict';
