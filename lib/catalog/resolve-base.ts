import type { Platform } from './schema/platform';
import type { Service } from './schema/service';

export type BaseKind = NonNullable<Service['build']['base']>;
export type BaseName = keyof Platform['bases'];

/** What of a service's build its base follows from. */
export interface BaseInputs {
  readonly base?: BaseKind | undefined;
  readonly debugTools?: boolean | undefined;
  readonly cgo?: boolean | undefined;
}

/** On which base an image stands, and which images of the platform that takes, by their field in platform.yaml. */
export interface ResolvedBase {
  readonly kind: BaseKind;
  /** The field of the build that decides. Absent for what is static and wants no tools. */
  readonly decidedBy?: keyof BaseInputs;
  readonly builder: BaseName;
  /** Absent for scratch. */
  readonly runtime?: BaseName;
}

/** Static and no tools → scratch; debugging tools wanted → alpine; else distroless. What `base` says wins. */
export function resolveBase({ base, debugTools, cgo }: BaseInputs): ResolvedBase {
  const decidedBy = base !== undefined ? 'base' : debugTools ? 'debugTools' : cgo ? 'cgo' : undefined;
  const kind = base ?? (debugTools ? 'alpine' : cgo ? 'distroless' : 'scratch');
  const runtime = { scratch: undefined, alpine: 'alpine', distroless: cgo ? 'glibc' : 'static' } as const;
  return {
    kind,
    ...(decidedBy === undefined ? {} : { decidedBy }),
    builder: !cgo ? 'builder' : kind === 'alpine' ? 'builderMusl' : 'builderCgo',
    ...(runtime[kind] === undefined ? {} : { runtime: runtime[kind] }),
  };
}
