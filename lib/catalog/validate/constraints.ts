import { type CheckedFile, isUncertain } from '../parse/check-file';
import { valueAt } from '../parse/field-path';
import type { Platform } from '../schema/platform';
import type { Names } from './names';

/** What platform.yaml requires of services. A member is absent if platform.yaml is invalid there, so that it constrains nothing. */
export interface PlatformConstraints {
  readonly environments?: Names;
  readonly classes?: Names;
  readonly source?: Pick<Platform['source'], 'kind' | 'provider'>;
  /** The name of the platform, if a permissions boundary limits its roles. */
  readonly boundedPlatform?: string;
  readonly ledgerCredential?: Partial<NonNullable<Platform['ledger']['credential']>>;
  /** Optional base images that the platform does not set. */
  readonly missingBases: readonly OptionalBase[];
  /** Default sizes by environment. */
  readonly defaults: ReadonlyMap<string, EnvironmentDefaults>;
}

const optionalBases = [
  'builderCgo',
  'builderMusl',
  'glibc',
  'alpine',
] as const satisfies readonly (keyof Platform['bases'])[];
type OptionalBase = (typeof optionalBases)[number];

type EnvironmentDefaults = NonNullable<Platform['environments'][number]['defaults']>;

/** Reads the constraints from the valid fields of platform.yaml. */
export function platformConstraints(platform: CheckedFile<Platform>): PlatformConstraints {
  const { partial } = platform;
  const environments = readNames(platform, 'name');
  const classes = readNames(platform, 'class');
  const { kind, provider } = partial?.source ?? {};
  return {
    environments,
    classes,
    source:
      kind === undefined || provider === undefined || isUncertain(platform, ['source', 'kind'])
        ? undefined
        : { kind, provider },
    boundedPlatform: partial?.pipeline?.permissionsBoundary === undefined ? undefined : partial.name,
    ledgerCredential: partial?.ledger?.credential,
    missingBases: optionalBases.filter(
      (name) => partial?.bases?.[name] === undefined && !isUncertain(platform, ['bases', name]),
    ),
    defaults: new Map(
      (partial?.environments ?? []).flatMap((environment, index) =>
        environment?.name === undefined || isUncertain(platform, ['environments', index, 'defaults', 'replicas'])
          ? []
          : [[environment.name, environment.defaults ?? {}]],
      ),
    ),
  };
}

/** Reads the names or classes of all environments. Undefined if an environment has none, because any name could then be valid. */
function readNames(platform: CheckedFile<Platform>, field: 'name' | 'class'): Names | undefined {
  const environments = platform.partial?.environments ?? [];
  if (environments.length === 0 || isUncertain(platform, ['environments'])) {
    return undefined;
  }
  const entries = environments.map((environment, index) => ({
    known: environment?.[field],
    written: valueAt(platform.document.value, ['environments', index, field]),
  }));
  if (entries.some(({ written }) => typeof written !== 'string')) {
    return undefined;
  }
  return {
    known: [...new Set(entries.flatMap(({ known }) => (known === undefined ? [] : [known])))],
    invalid: entries.flatMap(({ known, written }) => (known === undefined ? [String(written)] : [])),
  };
}
