export { containsRange, type ParsedAddressRange, parseAddressRange } from './address-range';
export type { Brand } from './brand';
export { canonicalJson } from './canonical-json';
export { type CommitSha, commitSha } from './commit-sha';
export { type Digest, digest, digestOf, hexOf, isDigest, shortDigest } from './digest';
export { durationSeconds, isDuration } from './duration';
export { branchRef, type GitRef, gitRef, isGitRef } from './git-ref';
export { imagePurl } from './image-purl';
export {
  type ImageReference,
  type ImageRepository,
  imageReference,
  imageRepository,
  isImageReference,
  isImageRepository,
  parseImageReference,
} from './image-reference';
export { type Instant, instantOf, isInstant } from './instant';
export { pascalCase } from './pascal-case';
export { isCpuQuantity, isMemoryQuantity, memoryBytes, milliCores } from './quantity';
export { binaryPlatforms, type ImagePlatform, imagePlatforms } from './target-platform';
