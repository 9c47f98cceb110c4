import type { Platform, Service } from '../catalog';
import type { ImageReference } from '../values';

export type BaseKind = 'scratch' | 'alpine' | 'distroless';

/** Which base an image stands on, which builder fits it, and why. */
export interface BaseChoice {
  readonly kind: BaseKind;
  /** Absent for scratch. */
  readonly runtime?: ImageReference;
  readonly builder: ImageReference;
  /** Where scratch takes certificates, time zones and passwd from. */
  readonly donor: ImageReference;
  readonly because: string;
}

/**
 * The base by what the service is: static and no tools → scratch; debugging tools wanted → alpine; else distroless.
 * A stated `build.base` wins where it can work.
 * @throws Error when the platform names no image that the choice needs.
 */
export function chooseBase(platform: Platform, service: Service): BaseChoice {
  const { bases } = platform;
  const { build } = service;
  const { kind, because } = decide(service);
  const builder = !build.cgo
    ? bases.builder
    : kind === 'alpine'
      ? need(bases.builderMusl, 'bases.builderMusl', service)
      : need(bases.builderCgo, 'bases.builderCgo', service);
  const common = { kind, builder: builder as ImageReference, donor: bases.static as ImageReference, because };
  switch (kind) {
    case 'scratch':
      return common;
    case 'alpine':
      return { ...common, runtime: need(bases.alpine, 'bases.alpine', service) as ImageReference };
    case 'distroless':
      return {
        ...common,
        runtime: (build.cgo ? need(bases.glibc, 'bases.glibc', service) : bases.static) as ImageReference,
      };
  }
}

function decide({ build }: Service): { readonly kind: BaseKind; readonly because: string } {
  if (build.base !== undefined) {
    return { kind: build.base, because: `build.base says ${build.base}` };
  }
  if (build.debugTools) {
    return {
      kind: 'alpine',
      because: 'build.debugTools wants a shell for debugging, and alpine is the smallest base with one',
    };
  }
  if (build.cgo) {
    return {
      kind: 'distroless',
      because: 'with cgo the binary needs a C library: distroless brings glibc and nothing to log in with',
    };
  }
  return {
    kind: 'scratch',
    because: 'the binary is static and no debugging tools are wanted: nothing else has to be in the image',
  };
}

function need(image: string | undefined, field: string, service: Service): string {
  if (image === undefined) {
    throw new Error(
      `${service.name}: platform.yaml has no ${field}, and this service needs it: add the image there, by digest`,
    );
  }
  return image;
}
