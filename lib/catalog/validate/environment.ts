import type { PartiallyParsed } from '../parse/partial-parse';
import { resolveSize } from '../resolve-size';
import type { Service } from '../schema/service';
import type { PlatformConstraints } from './constraints';
import type { Finding } from './finding';
import { findUnknownName } from './names';

type Size = NonNullable<NonNullable<PartiallyParsed<Service>['environments']>[string]>;

/** Variables that every workload gets from its chart. */
const reservedVariables = ['PORT', 'GOMEMLIMIT'] as const;

/** What can't be right of a service's sizes and settings in the environments that there are. */
export function validateEnvironments(
  { environments = {} }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return Object.entries(environments).flatMap(([name, size = {}]) => [
    ...findUnknownEnvironment(name, constraints),
    ...findTooSmallMaximum(name, size, constraints),
    ...variables(name, size),
  ]);
}

function findUnknownEnvironment(name: string, { environments }: PlatformConstraints): readonly Finding[] {
  const unknown = environments === undefined ? undefined : findUnknownName(name, environments);
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

function findTooSmallMaximum(
  name: string,
  { replicas, maxReplicas }: Size,
  constraints: PlatformConstraints,
): readonly Finding[] {
  const defaults = constraints.defaults.get(name);
  if (maxReplicas === undefined || (replicas === undefined && defaults === undefined)) {
    return [];
  }
  const least = resolveSize({ replicas }, defaults).replicas;
  return maxReplicas < least
    ? [
        {
          code: 'max-below-min',
          path: ['environments', name, 'maxReplicas'],
          expected: `at least replicas (${least}${replicas === undefined ? `, the default of ${name} in platform.yaml` : ''})`,
          dependsOn: [['environments', name, 'replicas']],
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
