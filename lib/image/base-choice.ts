import { type BaseKind, type BaseName, resolveBase, type Platform, type Service } from '../catalog';
import type { ImageReference } from '../values';

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
 * The base by what the service is ({@link resolveBase}), with the platform's images and the reason.
 * @throws Error when the platform names no image that the choice needs.
 */
export function chooseBase(platform: Platform, service: Service): BaseChoice {
  const { kind, decidedBy, builder, runtime } = resolveBase(service.build);
  return {
    kind,
    builder: imageOf(builder, platform, service),
    donor: imageOf('static', platform, service),
    ...(runtime === undefined ? {} : { runtime: imageOf(runtime, platform, service) }),
    because: decidedBy === 'base' ? `build.base says ${kind}` : reasons[decidedBy ?? 'none'],
  };
}

const reasons = {
  debugTools: 'build.debugTools wants a shell for debugging, and alpine is the smallest base with one',
  cgo: 'with cgo the binary needs a C library: distroless brings glibc and nothing to log in with',
  none: 'the binary is static and no debugging tools are wanted: nothing else has to be in the image',
} as const;

function imageOf(name: BaseName, { bases }: Platform, service: Service): ImageReference {
  const image = bases[name];
  if (image === undefined) {
    throw new Error(
      `${service.name}: platform.yaml has no bases.${name}, and this service needs it: add the image there, by digest`,
    );
  }
  return image as ImageReference;
}
