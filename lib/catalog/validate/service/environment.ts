import type { Path } from '../../parse/field-path';
import type { PartiallyParsed } from '../../parse/partial-parse';
import { resolveSize } from '../../resolve-size';
import type { Service } from '../../schema/service';
import type { PlatformConstraints } from '../constraints';
import type { Finding } from '../finding';
import { findUnknownName } from '../names';

type Size = NonNullable<NonNullable<PartiallyParsed<Service>['environments']>[string]>;

/** Variables that the chart sets for every workload. */
const reservedVariables = ['PORT', 'GOMEMLIMIT'] as const;

/** Checks the sizes and settings of a service, also those of its first start, against the environments of the platform. */
export function validateEnvironments(
  { start, environments = {} }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return [
    ...findReservedVariables(['start', 'settings'], start?.settings ?? {}),
    ...Object.entries(environments).flatMap(([name, size = {}]) => [
      ...findUnknownEnvironment(name, constraints),
      ...findTooSmallMaximum(name, size, constraints),
      ...findVariableConflicts(name, size),
    ]),
  ];
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
  const path = ['environments', name];
  return [
    ...Object.keys(secrets)
      .filter((variable) => variable in settings)
      .map((variable) => ({
        code: 'setting-and-secret',
        path: [...path, 'secrets', variable],
        target: 'key' as const,
        expected: 'a name that settings does not use',
      })),
    ...findReservedVariables([...path, 'settings'], settings),
    ...findReservedVariables([...path, 'secrets'], secrets),
  ];
}

function findReservedVariables(path: Path, variables: object): readonly Finding[] {
  return reservedVariables
    .filter((variable) => variable in variables)
    .map((variable) => ({
      code: 'reserved-variable',
      path: [...path, variable],
      target: 'key',
      expected: 'another name: Bowline sets this variable',
    }));
}
