import { type CheckedFile, isUncertain } from '../parse/check-file';
import { valueAt } from '../parse/field-path';
import type { Platform } from '../schema/platform';
import type { Names } from './names';

/** What the platform says that a service must fit to. Absent is what can't be told, because platform.yaml is wrong there. */
export interface PlatformConstraints {
  readonly environments?: Names;
  readonly classes?: Names;
  readonly source?: Pick<Platform['source'], 'kind' | 'provider'>;
  /** The base images that it could name and does not. */
  readonly missingBases: readonly OptionalBase[];
  /** Sizes of services that don't say their own, by environment. */
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

/** Reads them from whatever of the file is right. */
export function platformConstraints(platform: CheckedFile<Platform>): PlatformConstraints {
  const { partial } = platform;
  const environments = readNames(platform, 'name');
  const classes = readNames(platform, 'class');
  const { kind, provider } = partial?.source ?? {};
  return {
    ...(environments === undefined ? {} : { environments }),
    ...(classes === undefined ? {} : { classes }),
    ...(kind === undefined || provider === undefined || isUncertain(platform, ['source', 'kind'])
      ? {}
      : { source: { kind, provider } }),
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

/** Names or classes of all environments; nothing where one is there without a text that could be its name. */
function readNames(platform: CheckedFile<Platform>, field: 'name' | 'class'): Names | undefined {
  const environments = platform.partial?.environments ?? [];
  if (environments.length === 0 || isUncertain(platform, ['environments'])) {
    return undefined;
  }
  const texts = environments.map((environment, index) => ({
    known: environment?.[field],
    written: valueAt(platform.document.value, ['environments', index, field]),
  }));
  if (texts.some(({ written }) => typeof written !== 'string')) {
    return undefined;
  }
  return {
    known: [...new Set(texts.flatMap(({ known }) => (known === undefined ? [] : [known])))],
    unreadable: texts.flatMap(({ known, written }) => (known === undefined ? [String(written)] : [])),
  };
}
