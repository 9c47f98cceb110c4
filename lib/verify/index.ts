export { signatureAnnotations } from './annotations';
export { catalogFacts } from './catalog-facts';
export type { CatalogFacts, Check, CheckId, Expectations, FailureCode, UnknownCode } from './check';
export { allChecks, platformDifference, runningChecks } from './checks';
export { cosignInvocation, runVerify, runVerifyAttestation, type SignedImage, typeOption } from './cosign';
export {
  type Annotations,
  type CosignOutcome,
  type PredicateType,
  predicateTypes,
  readPredicates,
  readSignatures,
} from './cosign-answers';
export { defaultReaders, type EvidenceLocation, type EvidenceReaders, type Facts, readFacts } from './facts';
export { type CheckResult, judge, type Verification } from './judge';
export { type PublicKey, parsePublicKeys, publicKeyDigest, publicKeyFile, readPublicKeys } from './public-keys';
export { type ImageProblem, type RegistryImage, readImage } from './read-image';
export { identityProblem, imageProblem, type ReleaseIdentity, requireRecordedImage } from './recorded-image';
export { craneRegistry, type RegistryAnswer, type RegistryReader } from './registry';
export { usesHttp } from './registry-protocol';
export type { SignedSboms } from './signed-sboms';
export { parseVerifiedImage } from './verified-image';
export {
  causeOf,
  requireVerified,
  type VerifiedEvidence,
  type VerifyInput,
  verify,
  verifyRunning,
  verifyWithSboms,
} from './verify';
