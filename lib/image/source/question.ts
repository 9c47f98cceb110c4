import type { Service } from '../../catalog';
import type { ImagePlatform } from '../../values';

/** What the source reader is asked: a program in a checkout, and how it is built. */
export interface SourceQuestion {
  /** The root of the repository. Nothing above it is read. */
  readonly checkout: string;
  /** The folder of go.mod, relative to the checkout. */
  readonly directory: string;
  /** The main package, relative to the folder of go.mod. @default . */
  readonly main?: string;
  readonly targets: readonly { readonly os: string; readonly arch: string; readonly cgo: boolean }[];
  /** Build tags. */
  readonly tags?: readonly string[];
  /** GOEXPERIMENT */
  readonly experiments?: readonly string[];
  /** GOAMD64 */
  readonly amd64?: string;
  /** @default auto */
  readonly vendor?: 'auto' | 'always' | 'never';
  /** Whether to leave go.work aside, as if it did not exist. @default false */
  readonly ignoreWorkspace?: boolean;
  /** Additional files and folders to list, relative to the folder of go.mod. */
  readonly paths?: readonly string[];
}

/** The target platforms of a service's image: a C compiler serves only its own platform. */
export function imagePlatformsOf({ build }: Service): readonly ImagePlatform[] {
  return build.platforms ?? (build.cgo ? ['linux/amd64'] : ['linux/amd64', 'linux/arm64']);
}

/** The question about the source of a service, for every platform that it is built for. */
export function sourceQuestion(service: Service, checkout: string): SourceQuestion {
  const { build, source } = service;
  const platforms = [...new Set<string>([...imagePlatformsOf(service), ...build.binaries])];
  return {
    checkout,
    directory: source.directory,
    main: build.main,
    targets: platforms.map((platform) => {
      const [os = '', arch = ''] = platform.split('/');
      return { os, arch, cgo: build.cgo };
    }),
    tags: build.tags,
    experiments: build.experiment,
    amd64: build.amd64,
    vendor: build.vendor,
    paths: [...build.include, ...build.files],
  };
}
