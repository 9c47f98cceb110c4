/** `os/architecture` of a container image, and of a plain binary. */
export const imagePlatforms = ['linux/amd64', 'linux/arm64'] as const;
export type ImagePlatform = (typeof imagePlatforms)[number];

/** What `go tool dist list` of Go 1.26 can build without cgo and people ask for; images exist for linux alone. */
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
