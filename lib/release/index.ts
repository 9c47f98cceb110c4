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
export {
  type Built,
  type Finding,
  type Promoted,
  type Release,
  type ReleaseStage,
  readRecord,
  requireStage,
  type Scanned,
  type Signed,
  type Verdict,
  type VulnerabilityDatabase,
  writeRecord,
} from './record';
