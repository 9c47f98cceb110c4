export const localBaseImageNames = ['builder', 'builderCgo', 'static', 'glibc', 'alpine'] as const;
export type LocalBaseImageName = (typeof localBaseImageNames)[number];

/** Packages that are resolved and unpacked together. */
export type PackageGroup = 'static' | 'glibc' | 'tools' | 'compiler';

/** What a base is made of. */
export interface BaseImageContent {
  readonly groups: readonly PackageGroup[];
  /** Whether it holds the machine's Go, and so is a builder. */
  readonly toolchain: boolean;
  /** What it holds and what not, in words. */
  readonly holds: string;
}

export const baseImageContents: Readonly<Record<LocalBaseImageName, BaseImageContent>> = {
  builder: {
    groups: ['tools'],
    toolchain: true,
    holds: "this machine's Go and certificates, busybox; it compiles and is never shipped",
  },
  builderCgo: {
    groups: ['tools', 'compiler'],
    toolchain: true,
    holds: "this machine's Go and certificates, Debian's gcc and C library, busybox; it compiles and is never shipped",
  },
  static: {
    groups: ['static'],
    toolchain: false,
    holds: "certificates and time zones of Debian's packages, no C library, no shell",
  },
  glibc: {
    groups: ['static', 'glibc'],
    toolchain: false,
    holds: "certificates, time zones and the C library of Debian's packages, no shell",
  },
  alpine: {
    groups: ['static', 'tools'],
    toolchain: false,
    holds: "in alpine's place: certificates, time zones and busybox's shell of Debian's packages; no apk, no musl",
  },
};
