export { type ChangeOptions, type ChangeResult, changeLedger } from './change';
export type { Decision, Refusal, RefusalCode } from './decide/decision';
export { decidePromotion, type Promotion, type PromotionDetail, pathsOfService } from './decide/promotion';
export {
  decidePublication,
  type Publication,
  type PublishedService,
  publishedPaths,
  summaryLines,
} from './decide/publication';
export { decideRollback, pathsOfRollback, type Rollback } from './decide/rollback';
export { type ChangeKind, type CommitMessage, commitMessageText, oneLine } from './git/commit-message';
export { type CommitIdentity, type LedgerLocation, parseRepositoryAddress, removeCredentials } from './git/location';
export { LedgerRepository } from './git/repository';
export { GitError } from './git/run-git';
export { chooseRelease, type LedgerState, readHistory, rollbackCandidates } from './history';
export {
  type EnvironmentFile,
  environmentFile,
  LedgerInputError,
  parseEnvironmentFile,
  parseReleaseInput,
  parseServiceFile,
} from './inputs';
export {
  appPath,
  environmentPath,
  isOutputOf,
  type LedgerPath,
  ledgerPath,
  manifestPath,
  parseLedgerPath,
  platformPath,
  releasePath,
  servicePath,
} from './layout';
export { LedgerError } from './ledger-error';
export { renderEnvironment, renderService } from './output';
export { proposalBranch, proposeChange } from './proposal';
export { parseReleaseFile, type ReleaseFile, releasedDigest, serializeReleaseFile } from './release-file';
export type { RenderedFiles, Renderer } from './renderer';
export type { Snapshot } from './snapshot';
export { withRepository } from './with-repository';
