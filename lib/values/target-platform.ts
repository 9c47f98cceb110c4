/** The target platforms of container images, as `os/architecture`. */
export const imagePlatforms = ['linux/amd64', 'linux/arm64'] as const;
export type ImagePlatform = (typeof imagePlatforms)[number];

/** The target platforms of plain binaries: a selection of `go tool dist list` of Go 1.26 that needs no cgo. */
export const binaryPlatforms = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm',
  'linux/386',
  'linux/mips',
  'linux/mipsle',
  'linux/mips64',
  'linux/mips64le',
  'linux/ppc64le',
  'linux/riscv64',
  'linux/s390x',
  'darwin/amd64',
  'darwin/arm64',
  'windows/amd64',
  'windows/arm64',
  'freebsd/amd64',
  'openbsd/amd64',
] as const;
