import fc from 'fast-check';
import { type Environment, loadCatalog, type Platform } from '../../../lib/catalog';
import { exampleCatalog } from '../synthesize';

const { platform } = loadCatalog(exampleCatalog);
const { account } = platform.pipeline;

/** What decides about the length of a policy. */
export interface PlatformSize {
  readonly name: string;
  readonly region: string;
  readonly classes: number;
  /** Characters of the name of the permissions boundary; 0 for none. */
  readonly boundary: number;
  /** Whether base images come through a cache in ECR. */
  readonly cache: boolean;
  readonly codecommit: boolean;
}

export function platformOf({ name, region, classes, boundary, cache, codecommit }: PlatformSize): Platform {
  const [environment] = platform.environments as [Environment];
  const registry = `${account}.dkr.ecr.${region}.amazonaws.com`;
  const cached = (image: string) => `${registry}/${name}/base/${image}@sha256:${'a'.repeat(64)}` as never;
  return {
    ...platform,
    name,
    registry,
    pipeline: {
      ...platform.pipeline,
      region,
      ...(boundary === 0 ? {} : { permissionsBoundary: 'b'.repeat(boundary) }),
    },
    source: codecommit ? { ...platform.source, kind: 'codecommit' } : platform.source,
    bases: cache
      ? { ...platform.bases, builder: cached('golang'), static: cached('static'), glibc: cached('base') }
      : platform.bases,
    environments: Array.from({ length: classes }, (_, index) => ({
      ...environment,
      name: `environment-${index}`,
      class: `${'c'.repeat(38)}-${index}`,
    })),
  };
}

/** The longest that the schema of the catalog allows, in the partition with the longest ARNs. */
export const longestPlatform = platformOf({
  name: 'p'.repeat(16),
  region: 'us-gov-west-1',
  classes: 8,
  boundary: 128,
  cache: true,
  codecommit: false,
});

export const anyPlatform = fc
  .record({
    name: fc.integer({ min: 1, max: 16 }).map((length) => 'p'.repeat(length)),
    region: fc.constantFrom('eu-west-1', 'ap-southeast-2', 'us-gov-west-1', 'cn-northwest-1'),
    classes: fc.integer({ min: 1, max: 8 }),
    boundary: fc.integer({ min: 0, max: 128 }),
    cache: fc.boolean(),
    codecommit: fc.boolean(),
  })
  .map(platformOf);
