import { type BaseKind, type BaseName, type Platform, resolveBase, type Service } from '../catalog';
import type { ImageReference } from '../values';

/** The base image and the builder of a service, and the reason for the choice. */
export interface BaseChoice {
  readonly kind: BaseKind;
  /** Absent for scratch. */
  readonly runtime?: ImageReference;
  readonly builder: ImageReference;
  /** The image that a scratch image copies certificates, time zones and passwd from. */
  readonly donor: ImageReference;
  readonly reason: string;
}

const reasons = {
  debugTools: 'build.debugTools requires a shell, and alpine is the smallest base that has one',
  cgo: 'a cgo binary needs a C library: distroless contains glibc, and no shell',
  none: 'the binary is static and needs no debugging tools, so the image needs no other files',
} as const;

/**
 * Chooses the base of a service ({@link resolveBase}) and looks up the images of the platform.
 * @throws Error if the platform does not set a required image
 */
export function chooseBase(platform: Platform, service: Service): BaseChoice {
  const { kind, decidedBy, builder, runtime } = resolveBase(service.build);
  return {
    kind,
    builder: requireBaseImage(builder, platform, service),
    donor: requireBaseImage('static', platform, service),
    ...(runtime === undefined ? {} : { runtime: requireBaseImage(runtime, platform, service) }),
    reason: decidedBy === 'base' ? `build.base is ${kind}` : reasons[decidedBy ?? 'none'],
  };
}

function requireBaseImage(name: BaseName, { bases }: Platform, service: Service): ImageReference {
  const image = bases[name];
  if (image === undefined) {
    throw new Error(`${service.name} needs bases.${name}, which platform.yaml does not set: add the image by digest`);
  }
  return image as ImageReference;
}
