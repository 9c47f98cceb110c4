import type { Platform } from './schema/platform';
import type { Service } from './schema/service';

export type BaseKind = NonNullable<Service['build']['base']>;
export type BaseName = keyof Platform['bases'];

/** The fields of a service's build that determine its base image. */
export interface BaseInputs {
  readonly base?: BaseKind | undefined;
  readonly debugTools?: boolean | undefined;
  readonly cgo?: boolean | undefined;
}

/** The base of an image, and the images that it requires, named by their fields in platform.yaml. */
export interface ResolvedBase {
  readonly kind: BaseKind;
  /** The field of the build that determines the base. Absent for a static binary without debugging tools. */
  readonly decidedBy?: keyof BaseInputs;
  readonly builder: BaseName;
  /** Absent for scratch. */
  readonly runtime?: BaseName;
}

/** An explicit `base` wins. Otherwise: alpine for debugging tools, distroless for cgo, scratch for everything else. */
export function resolveBase({ base, debugTools, cgo }: BaseInputs): ResolvedBase {
  const decidedBy = base !== undefined ? 'base' : debugTools ? 'debugTools' : cgo ? 'cgo' : undefined;
  const kind = base ?? (debugTools ? 'alpine' : cgo ? 'distroless' : 'scratch');
  const builder = !cgo ? 'builder' : kind === 'alpine' ? 'builderMusl' : 'builderCgo';
  switch (kind) {
    case 'scratch':
      return { kind, decidedBy, builder };
    case 'alpine':
      return { kind, decidedBy, builder, runtime: 'alpine' };
    case 'distroless':
      return { kind, decidedBy, builder, runtime: cgo ? 'glibc' : 'static' };
  }
}
