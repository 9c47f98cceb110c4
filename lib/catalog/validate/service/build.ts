import type { PartiallyParsed } from '../../parse/partial-parse';
import { type BaseName, resolveBase } from '../../resolve-base';
import type { Service } from '../../schema/service';
import type { PlatformConstraints } from '../constraints';
import { findDuplicates } from '../duplicates';
import type { Finding } from '../finding';
import { validateBuildLists } from './build-lists';

type Build = NonNullable<PartiallyParsed<Service>['build']>;

/** Finds build settings that exclude each other. */
export function validateBuild(
  { build }: PartiallyParsed<Service>,
  constraints: PlatformConstraints,
): readonly Finding[] {
  return build === undefined
    ? []
    : [
        ...validateBase(build),
        ...validateCgo(build),
        ...findMissingBases(build, constraints),
        ...findDuplicatePlatforms(build),
        ...validateBuildLists(build),
      ];
}

function validateBase({ cgo, base, debugTools }: Build): readonly Finding[] {
  const findings: Finding[] = [];
  if (cgo && base === 'scratch') {
    findings.push({
      code: 'cgo-on-scratch',
      path: ['build', 'base'],
      expected: 'distroless or alpine: a cgo binary needs a C library, which scratch does not contain',
      dependsOn: [['build', 'cgo']],
    });
  }
  if (debugTools && base !== undefined && base !== 'alpine') {
    findings.push({
      code: 'tools-without-shell',
      path: ['build', 'base'],
      expected: 'alpine: build.debugTools needs a base with a shell',
      dependsOn: [['build', 'debugTools']],
    });
  }
  return findings;
}

function validateCgo({ cgo, platforms = [], binaries = [], linkFlags = [] }: Build): readonly Finding[] {
  const dependsOn = [['build', 'cgo']];
  const findings: Finding[] = [];
  if (cgo && platforms.some((platform) => platform !== undefined && platform !== 'linux/amd64')) {
    findings.push({
      code: 'cgo-platform',
      path: ['build', 'platforms'],
      expected: 'only linux/amd64: with cgo, each other platform needs its own C compiler',
      dependsOn,
    });
  }
  if (cgo && binaries.length > 0) {
    findings.push({
      code: 'cgo-binaries',
      path: ['build', 'binaries'],
      expected: 'no binaries: with cgo, each platform needs its own C compiler',
      dependsOn,
    });
  }
  if (!cgo && linkFlags.some((flag) => flag?.startsWith('-extldflags') || flag?.startsWith('-linkmode'))) {
    findings.push({
      code: 'external-link-without-cgo',
      path: ['build', 'linkFlags'],
      expected: 'no external linking, which requires build.cgo',
      dependsOn,
    });
  }
  return findings;
}

/** Finds base images that the build needs and that platform.yaml does not set. */
function findMissingBases(build: Build, { missingBases }: PlatformConstraints): readonly Finding[] {
  const { kind, decidedBy, builder, runtime } = resolveBase(build);
  const required: readonly (BaseName | undefined)[] = kind === 'scratch' ? [] : [builder, runtime];
  const missing = required
    .filter((name) => missingBases.some((optional) => optional === name))
    .map((name) => `bases.${name}`);
  if (missing.length === 0 || decidedBy === undefined) {
    return [];
  }
  return [
    {
      code: 'missing-base',
      path: ['build', decidedBy],
      expected: `${decidedBy === 'base' ? 'another base' : 'false'}: ${build.cgo ? `cgo on ${kind}` : kind} needs ${missing.join(' and ')} in platform.yaml`,
      dependsOn: [
        ['build', 'base'],
        ['build', 'cgo'],
        ['build', 'debugTools'],
      ],
    },
  ];
}

/** A platform may occur only once, because it names a stage of the Dockerfile. */
function findDuplicatePlatforms(build: Build): readonly Finding[] {
  return (['platforms', 'binaries'] as const).flatMap((field) =>
    findDuplicates(build[field] ?? []).map((index) => ({
      code: 'duplicate-platform',
      path: ['build', field, index],
      expected: 'each target platform only once',
    })),
  );
}
