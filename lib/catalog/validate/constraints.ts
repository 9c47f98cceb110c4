import { type CheckedFile, isDoubtful } from '../parse/checked-file';
import { valueAt } from '../parse/field-path';
import type { Platform } from '../schema/platform';
import type { Names } from './names';

/** What the platform says that a service must fit to. Absent is what can't be told, because platform.yaml is wrong there. */
export interface PlatformConstraints {
  readonly environments?: Names;
  readonly classes?: Names;
  readonly source?: Pick<Platform['source'], 'kind' | 'provider'>;
  /** The base images that it could name and does not. */
  readonly lackingBases: readonly OptionalBase[];
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
  const { readable } = platform;
  const environments = namesIn(platform, 'name');
  const classes = namesIn(platform, 'class');
  const { kind, provider } = readable?.source ?? {};
  return {
    ...(environments === undefined ? {} : { environments }),
    ...(classes === undefined ? {} : { classes }),
    ...(kind === undefined || provider === undefined || isDoubtful(platform, ['source', 'kind'])
      ? {}
      : { source: { kind, provider } }),
    lackingBases: optionalBases.filter(
      (name) => readable?.bases?.[name] === undefined && !isDoubtful(platform, ['bases', name]),
    ),
    defaults: new Map(
      (readable?.environments ?? []).flatMap((environment, index) =>
        environment?.name === undefined || isDoubtful(platform, ['environments', index, 'defaults', 'replicas'])
          ? []
          : [[environment.name, environment.defaults ?? {}]],
      ),
    ),
  };
}

/** Names or classes of all environments; nothing where one is there without a text that could be its name. */
function namesIn(platform: CheckedFile<Platform>, field: 'name' | 'class'): Names | undefined {
  const environments = platform.readable?.environments ?? [];
  if (environments.length === 0 || isDoubtful(platform, ['environments'])) {
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
