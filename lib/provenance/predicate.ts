import { type Platform, type Service, sourceUrl } from '../catalog';
import { chooseBase, imagePlatformsOf } from '../image';
import type { Scanned } from '../release';
import { hexOf, type ImageReference, imagePurl, parseImageReference } from '../values';
import { type Builder, builderId } from './builder';

/** The type of the attestation (https://slsa.dev/spec/v1.0/provenance). */
export const provenanceType = 'https://slsa.dev/provenance/v1';

/** What the parameters and dependencies mean: docs/reference/provenance.md. */
export const buildType = 'https://bowline.dev/build/v1';

/** Where a release comes from. Everything is from the control plane of the pipeline, from its catalog, or from the record that scan wrote. */
export interface ProvenanceInput {
  readonly platform: Platform;
  readonly service: Service;
  readonly release: Pick<Scanned, 'source' | 'moduleFiles' | 'verdict'>;
  readonly run: PipelineRun;
}

/** The run that makes a release. */
export interface PipelineRun {
  readonly builder: Builder;
  /** The execution of the pipeline. */
  readonly execution?: string;
  /** The hash of the program that every step runs. */
  readonly bundle?: string;
  /** The hash of the catalog that every step reads: what concerns the service, with the public keys. */
  readonly catalog?: string;
}

interface ResourceDescriptor {
  readonly name: string;
  readonly uri?: string;
  readonly digest: Readonly<Record<string, string>>;
}

export interface Provenance {
  readonly buildDefinition: {
    readonly buildType: string;
    readonly externalParameters: Readonly<Record<string, unknown>>;
    readonly internalParameters: Readonly<Record<string, unknown>>;
    readonly resolvedDependencies: readonly ResourceDescriptor[];
  };
  readonly runDetails: {
    readonly builder: { readonly id: string };
    readonly metadata?: { readonly invocationId: string };
  };
}

/** The provenance of the image of a release. The same release in the same run gives the same content: it has no times. */
export function imageProvenance(input: ProvenanceInput): Provenance {
  const { kind, builder, donor, runtime } = chooseBase(input.platform, input.service);
  return provenance(input, { artifact: 'image', platforms: [...imagePlatformsOf(input.service)].sort() }, [
    imageDescriptor('builder', builder),
    ...(kind === 'scratch' ? [imageDescriptor('donor', donor)] : []),
    ...(runtime === undefined ? [] : [imageDescriptor('runtime', runtime)]),
  ]);
}

/** The provenance of one plain binary of a release. @param platform such as `windows/amd64` */
export function binaryProvenance(input: ProvenanceInput, platform: string): Provenance {
  const { builder } = chooseBase(input.platform, input.service);
  return provenance(input, { artifact: 'binary', platforms: [platform] }, [imageDescriptor('builder', builder)]);
}

interface Artifact {
  readonly artifact: 'image' | 'binary';
  readonly platforms: readonly string[];
}

function provenance(
  { platform, service, release, run }: ProvenanceInput,
  artifact: Artifact,
  bases: readonly ResourceDescriptor[],
): Provenance {
  const { source, moduleFiles, verdict } = release;
  const { builder, execution, bundle, catalog } = run;
  const { modules, platforms: _platforms, binaries: _binaries, main, ...settings } = service.build;
  const isOnAws = builder.kind === 'codebuild';
  return {
    buildDefinition: {
      buildType,
      externalParameters: {
        ...artifact,
        service: service.name,
        source: { repository: source.repository, ref: source.ref, directory: service.source.directory },
        main,
        build: { ...settings, ...(modules === undefined ? {} : { privateModules: modules.private }) },
      },
      internalParameters: {
        platform: platform.name,
        policy: verdict.policy,
        ...(bundle === undefined ? {} : { bundle }),
        ...(catalog === undefined ? {} : { catalog }),
      },
      resolvedDependencies: [
        {
          name: 'source',
          // A checkout on a machine can come from anywhere.
          ...(isOnAws ? { uri: `git+${sourceUrl(platform, source.repository)}@${source.ref}` } : {}),
          digest: { gitCommit: source.commit },
        },
        ...bases,
        ...Object.entries(moduleFiles)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([path, digest]) => ({ name: `source/${path}`, digest: { sha256: hexOf(digest) } })),
        ...(isOnAws && platform.toolbox !== undefined
          ? [imageDescriptor('toolbox', platform.toolbox as ImageReference)]
          : []),
      ],
    },
    runDetails: {
      builder: { id: builderId(builder) },
      ...(execution === undefined ? {} : { metadata: { invocationId: execution } }),
    },
  };
}

/** What a later run of the pipeline has in common with this one, so that provenance of the same build is not attested again. */
export function withoutInvocation(predicate: unknown): unknown {
  if (typeof predicate !== 'object' || predicate === null || !('runDetails' in predicate)) {
    return predicate;
  }
  const { runDetails } = predicate;
  if (typeof runDetails !== 'object' || runDetails === null) {
    return predicate;
  }
  const { metadata: _, ...rest } = runDetails as { readonly metadata?: unknown };
  return { ...predicate, runDetails: rest };
}

function imageDescriptor(name: string, image: ImageReference): ResourceDescriptor {
  const { repository, digest } = parseImageReference(image);
  return { name, uri: imagePurl(repository, digest), digest: { sha256: hexOf(digest) } };
}
