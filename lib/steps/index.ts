export {
  catalogFacts,
  type PublicKey,
  parsePublicKeys,
  publicKeyDigest,
  type ReleaseIdentity,
  readPublicKeys,
} from '../verify';
export { announceBinaries, signBinaries, uploadBinaries } from './binaries';
export { type BuildInput, build } from './build';
export { type ConfigurationCheck, checkConfiguration } from './check-configuration';
export { withBuildkit } from './clients/buildkit-daemon';
export { publicKeyOf, verifySignature } from './clients/cosign';
export { objectStore } from './clients/object-store';
export { compressedSize, platformDigests, usesHttp } from './clients/registry';
export { logInToRegistries } from './clients/registry-login';
export type { VulnerabilityDatabases } from './clients/vulnerability-databases';
export type { ModuleAccess } from './modules/module-access';
export { type ModuleCredentialSource, moduleCredentialSources, openModuleAccess } from './modules/open-module-access';
export { observeImage } from './observe-image';
export { promote } from './promote';
export { readReleaseFile, readReleaseFolder, writeReleaseFolder } from './release-folder';
export { type Reporter, silentReporter } from './reporter';
export { type RescannedImage, type RunningSubject, rescan } from './rescan/rescan';
export { readRunningFile, writeRunningFile } from './rescan/running-file';
export {
  groupReleases,
  type RunningImage,
  type RunningRelease,
  type RunningReleases,
  readRunningReleases,
  type UnknownRelease,
} from './rescan/running-releases';
export { scan } from './scan';
export { sbomFile } from './scanning/scan-artifact';
export type { EarlierEvidence, ScanInput } from './scanning/scan-input';
export { sign } from './sign';
export { type CompleteSourceInput, completeSource } from './source/clone/complete-source';
export { checkSubmoduleUrls } from './source/clone/submodule-entries';
export { type InspectedSource, inspectSource } from './source/inspect-source';
export { readSource } from './source/read-source';
export { reportUnwatchedPaths } from './source/unwatched-paths';
