import type { PartiallyParsed } from '../../parse/partial-parse';
import { resolveSize } from '../../resolve-size';
import type { Service } from '../../schema/service';
import type { PlatformConstraints } from '../constraints';
import type { Finding } from '../finding';
import { findUnknownName } from '../names';

type Size = NonNullable<NonNullable<PartiallyParsed<Service>['environments']>[string]>;

/** Variables that the chart sets for every workload. */
const reservedVariables = ['PORT', 'GOMEMLIMIT'] as const;

/** Checks the sizes and settings of a service against the environments of the platform. */
export function validateEnvironments(
  { environments = {} }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return Object.entries(environments).flatMap(([name, size = {}]) => [
    ...findUnknownEnvironment(name, constraints),
    ...findTooSmallMaximum(name, size, constraints),
    ...findVariableConflicts(name, size),
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
          target: 'key',
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
  const minimum = resolveSize({ replicas }, defaults).replicas;
  return maxReplicas < minimum
    ? [
        {
          code: 'max-below-min',
          path: ['environments', name, 'maxReplicas'],
          expected: `at least replicas (${minimum}${replicas === undefined ? `, the default of ${name} in platform.yaml` : ''})`,
          dependsOn: [['environments', name, 'replicas']],
        },
      ]
    : [];
}

function findVariableConflicts(name: string, { settings = {}, secrets = {} }: Size): readonly Finding[] {
  const at = (field: string, variable: string) => ({
    path: ['environments', name, field, variable],
    target: 'key' as const,
  });
  return [
    ...Object.keys(secrets)
      .filter((variable) => variable in settings)
      .map((variable) => ({
        code: 'setting-and-secret',
        ...at('secrets', variable),
        expected: 'a name that settings does not use',
      })),
    ...Object.entries({ settings, secrets }).flatMap(([field, values]) =>
      reservedVariables
        .filter((variable) => variable in values)
        .map((variable) => ({
          code: 'reserved-variable',
          ...at(field, variable),
          expected: 'another name: Bowline sets this variable',
        })),
    ),
  ];
}
