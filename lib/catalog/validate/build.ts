import type { PartiallyParsed } from '../parse/partial-parse';
import { type BaseName, resolveBase } from '../resolve-base';
import type { Service } from '../schema/service';
import type { PlatformConstraints } from './constraints';
import { findDuplicates } from './duplicates';
import type { Finding } from './finding';

type Build = NonNullable<PartiallyParsed<Service>['build']>;

/** What a build can't be at the same time. */
export function validateBuild(
  { build }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return build === undefined
    ? []
    : [...ofBase(build), ...ofCgo(build), ...ofPlatformBases(build, constraints), ...findDuplicatePlatforms(build)];
}

function ofBase({ cgo, base, debugTools }: Build): readonly Finding[] {
  const findings: Finding[] = [];
  if (cgo && base === 'scratch') {
    findings.push({
      code: 'cgo-on-scratch',
      path: ['build', 'base'],
      expected: 'distroless or alpine: with cgo the binary needs a C library, and scratch has none',
      dependsOn: [['build', 'cgo']],
    });
  }
  if (debugTools && base !== undefined && base !== 'alpine') {
    findings.push({
      code: 'tools-without-shell',
      path: ['build', 'base'],
      expected: 'alpine, since debugging tools are wanted (build.debugTools)',
      dependsOn: [['build', 'debugTools']],
    });
  }
  return findings;
}

function ofCgo({ cgo, platforms = [], binaries = [], linkFlags = [] }: Build): readonly Finding[] {
  const dependsOn = [['build', 'cgo']];
  const findings: Finding[] = [];
  if (cgo && platforms.some((platform) => platform !== undefined && platform !== 'linux/amd64')) {
    findings.push({
      code: 'cgo-platform',
      path: ['build', 'platforms'],
      expected: 'linux/amd64 alone: with cgo every platform needs a C compiler of its own',
      dependsOn,
    });
  }
  if (cgo && binaries.length > 0) {
    findings.push({
      code: 'cgo-binaries',
      path: ['build', 'binaries'],
      expected: 'no plain binaries: with cgo they would need a C compiler for each platform',
      dependsOn,
    });
  }
  if (!cgo && linkFlags.some((flag) => flag?.startsWith('-extldflags') || flag?.startsWith('-linkmode'))) {
    findings.push({
      code: 'external-link-without-cgo',
      path: ['build', 'linkFlags'],
      expected: 'no external linking without build.cgo',
      dependsOn,
    });
  }
  return findings;
}

/** Images that the base needs and that the platform does not name. */
function ofPlatformBases(build: Build, { missingBases }: PlatformConstraints): readonly Finding[] {
  const { kind, decidedBy, builder, runtime } = resolveBase(build);
  const needed: readonly (BaseName | undefined)[] = kind === 'scratch' ? [] : [builder, runtime];
  const lacking = needed
    .filter((name) => missingBases.some((optional) => optional === name))
    .map((name) => `bases.${name}`);
  if (lacking.length === 0 || decidedBy === undefined) {
    return [];
  }
  return [
    {
      code: 'missing-base',
      path: ['build', decidedBy],
      expected: `${decidedBy === 'base' ? 'another base' : 'false'}: ${build.cgo ? `cgo on ${kind}` : kind} needs ${lacking.join(' and ')} in platform.yaml`,
      dependsOn: [
        ['build', 'base'],
        ['build', 'cgo'],
        ['build', 'debugTools'],
      ],
    },
  ];
}

/** Each is a stage of its name in the Dockerfile. */
function findDuplicatePlatforms(build: Build): readonly Finding[] {
  return (['platforms', 'binaries'] as const).flatMap((field) =>
    findDuplicates(build[field] ?? []).map((index) => ({
      code: 'duplicate-platform',
      path: ['build', field, index],
      expected: 'every platform once',
    })),
  );
}
