export const localBaseImageNames = ['builder', 'builderCgo', 'static', 'glibc', 'alpine'] as const;
export type LocalBaseImageName = (typeof localBaseImageNames)[number];

/** An image that is built on this machine: a base image, or a builder with git in its place. */
export type LocalImageName = LocalBaseImageName | 'builderWithGit' | 'builderCgoWithGit';

/** The builder with git, which Go needs to fetch modules from git hosts. Other base images stay the same. */
export function withGit(name: LocalBaseImageName): LocalImageName {
  return name === 'builder' || name === 'builderCgo' ? `${name}WithGit` : name;
}

/** Debian packages that are resolved and unpacked together. */
export type PackageGroup = 'static' | 'glibc' | 'tools' | 'compiler' | 'git';

/** The content of a base image. */
export interface BaseImageContent {
  readonly groups: readonly PackageGroup[];
  /** Whether it contains this machine's Go toolchain, as builder images do. */
  readonly toolchain: boolean;
  /** For people: what it contains, and what not. */
  readonly description: string;
}

export const baseImageContents: Readonly<Record<LocalImageName, BaseImageContent>> = {
  builder: {
    groups: ['tools'],
    toolchain: true,
    description: "this machine's Go and certificates, busybox; for compiling only",
  },
  builderCgo: {
    groups: ['tools', 'compiler'],
    toolchain: true,
    description:
      "this machine's Go and certificates, Debian's gcc, g++, pkg-config and C library, busybox; for compiling only",
  },
  builderWithGit: {
    groups: ['tools', 'git'],
    toolchain: true,
    description: "this machine's Go and certificates, Debian's git, busybox; for compiling only",
  },
  builderCgoWithGit: {
    groups: ['tools', 'compiler', 'git'],
    toolchain: true,
    description:
      "this machine's Go and certificates, Debian's gcc, g++, pkg-config, C library and git, busybox; for compiling only",
  },
  static: {
    groups: ['static'],
    toolchain: false,
    description: 'certificates and time zones from Debian packages; no C library, no shell',
  },
  glibc: {
    groups: ['static', 'glibc'],
    toolchain: false,
    description: 'certificates, time zones and the C library from Debian packages; no shell',
  },
  alpine: {
    groups: ['static', 'tools'],
    toolchain: false,
    description:
      'in place of alpine: certificates, time zones and the busybox shell from Debian packages; no apk, no musl',
  },
};
