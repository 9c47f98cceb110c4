export { announceBinaries, signBinaries, uploadBinaries } from './binaries';
export { type BuildInput, build } from './build';
export { type ConfigurationCheck, checkConfiguration } from './check-configuration';
export { withBuildkit } from './clients/buildkit-daemon';
export { publicKeyDigest, publicKeyOf, verifySignature } from './clients/cosign';
export { objectStore } from './clients/object-store';
export { compressedSize, platformDigests, usesHttp } from './clients/registry';
export { logInToRegistries } from './clients/registry-login';
export type { VulnerabilityDatabases } from './clients/vulnerability-databases';
export { type InspectedSource, inspectSource } from './inspect-source';
export {
  type ModuleAccess,
  type ModuleCredentialSource,
  moduleCredentialSources,
  openModuleAccess,
} from './modules/module-access';
export { observeImage } from './observe-image';
export { promote } from './promote';
export { type PublicKey, parsePublicKeys, readPublicKeys } from './public-keys';
export { readSource } from './read-source';
export { readReleaseFile, readReleaseFolder, writeReleaseFolder } from './release-folder';
export { type Reporter, silentReporter } from './reporter';
export { type ScanInput, sbomFile, scan } from './scan';
export { sign } from './sign';
export { reportUnwatchedPaths } from './unwatched-paths';
