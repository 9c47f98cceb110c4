export { type ChangeOptions, type ChangeResult, changeLedger } from './change';
export { type ChangeKind, type CommitMessage, commitMessageText, oneLine } from './commit-message';
export type { Decision, Refusal, RefusalCode } from './decision';
export { GitError } from './git';
export { decideGoingBack, type GoingBack, pathsOfGoingBack } from './going-back';
export { chooseRelease, type LedgerState, readHistory, releasesToGoBackThrough } from './history';
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
export { type CommitIdentity, type LedgerLocation, repositoryAddress, withoutPassword } from './location';
export { renderEnvironment, renderService } from './output';
export { decidePromotion, type Promotion, type PromotionDetail, pathsOfService } from './promotion';
export { proposalBranch, proposeChange } from './proposal';
export {
  decidePublication,
  type Publication,
  type PublishedService,
  publishedPaths,
  summaryLines,
} from './publication';
export { parseReleaseFile, type ReleaseFile, releasedDigest, releaseFileText } from './release-file';
export type { RenderedFiles, Renderer } from './renderer';
export { LedgerRepository } from './repository';
export type { Snapshot } from './snapshot';
