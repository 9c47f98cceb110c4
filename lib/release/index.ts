export {
  type BinariesEvent,
  type BinaryKeys,
  binariesEvent,
  binariesEventSchema,
  binariesEventSource,
  binariesEventType,
  binaryKeys,
  checksumsOf,
} from './binaries';
export { type ReadPredicate, readVerdictPredicate, type VerdictPredicate, verdictPredicate } from './predicate';
export {
  type Built,
  type DatabaseOrigin,
  type Finding,
  type FirstStart,
  type Promoted,
  type Release,
  type ReleaseStage,
  readRecord,
  recordVersion,
  requireStage,
  type Scanned,
  type Signed,
  type Verdict,
  type VulnerabilityDatabase,
  writeRecord,
} from './record';
