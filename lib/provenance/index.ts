export {
  type Builder,
  builderId,
  describeExpectedBuilder,
  type ExpectedBuilder,
  isExpectedBuilder,
  parseBuilderId,
  runningBuilder,
} from './builder';
export { type ProvenanceClaims, type ReadProvenance, readProvenance } from './claims';
export {
  binaryProvenance,
  buildType,
  imageProvenance,
  type PipelineRun,
  type Provenance,
  type ProvenanceInput,
  provenanceType,
  withoutInvocation,
} from './predicate';
