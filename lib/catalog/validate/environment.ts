import type { Readable } from '../parse/partial-parse';
import type { Service } from '../schema/service';
import { effectiveSize } from '../size';
import type { PlatformConstraints } from './constraints';
import type { Finding } from './finding';
import { unknownName } from './names';

type Size = NonNullable<NonNullable<Readable<Service>['environments']>[string]>;

/** Variables that every workload gets from its chart. */
const reservedVariables = ['PORT', 'GOMEMLIMIT'] as const;

/** What can't be right of a service's sizes and settings in the environments that there are. */
export function environmentFindings(
  { environments = {} }: Readable<Service>,
  facts: PlatformConstraints,
): readonly Finding[] {
  return Object.entries(environments).flatMap(([name, size = {}]) => [
    ...strangeEnvironment(name, facts),
    ...tooFewReplicas(name, size, facts),
    ...variables(name, size),
  ]);
}

function strangeEnvironment(name: string, { environments }: PlatformConstraints): readonly Finding[] {
  const unknown = environments === undefined ? undefined : unknownName(name, environments);
  return unknown === undefined
    ? []
    : [
        {
          code: 'unknown-environment',
          path: ['environments', name],
          of: 'key',
          expected: `one of ${environments?.known.join(', ')}`,
          ...unknown,
        },
      ];
}

function tooFewReplicas(name: string, { replicas, maxReplicas }: Size, facts: PlatformConstraints): readonly Finding[] {
  const defaults = facts.defaults.get(name);
  if (maxReplicas === undefined || (replicas === undefined && defaults === undefined)) {
    return [];
  }
  const least = effectiveSize({ replicas }, defaults).replicas;
  return maxReplicas < least
    ? [
        {
          code: 'max-below-min',
          path: ['environments', name, 'maxReplicas'],
          expected: `at least replicas (${least}${replicas === undefined ? `, the default of ${name} in platform.yaml` : ''})`,
          restsOn: [['environments', name, 'replicas']],
        },
      ]
    : [];
}

function variables(name: string, { settings = {}, secrets = {} }: Size): readonly Finding[] {
  const at = (field: string, variable: string) => ({
    path: ['environments', name, field, variable],
    of: 'key' as const,
  });
  return [
    ...Object.keys(secrets)
      .filter((variable) => variable in settings)
      .map((variable) => ({
        code: 'setting-and-secret',
        ...at('secrets', variable),
        expected: 'a name that settings does not use too',
      })),
    ...Object.entries({ settings, secrets }).flatMap(([field, values]) =>
      reservedVariables
        .filter((variable) => variable in values)
        .map((variable) => ({
          code: 'reserved-variable',
          ...at(field, variable),
          expected: 'another name: Bowline sets this one itself',
        })),
    ),
  ];
}
