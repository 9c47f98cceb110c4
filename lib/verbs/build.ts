import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Platform, Service } from '../catalog';
import { type ImageRecipe, recipeOf, sourceDateEpoch } from '../image';
import { mustRun, retryTransient } from '../process';
import { type Built, checksumsOf } from '../release';
import { toolPath } from '../tools';
import {
  type CommitSha,
  type Digest,
  digest,
  digestOf,
  type ImageRepository,
  imageReference,
  shortDigest,
} from '../values';
import { readSource } from './read-source';
import { isLocalRegistry, labelImage, platformDigests } from './registry';
import { writeWhole } from './release-folder';
import type { Reporter } from './reporter';

export interface BuildInput {
  readonly platform: Platform;
  readonly service: Service;
  /** Checkout of the service's repository. */
  readonly source: string;
  readonly commit: CommitSha;
  /** Where the image is pushed, by digest. */
  readonly repository: ImageRepository;
  /** Registry cache of layers; absent: the cache of the BuildKit daemon alone. */
  readonly cacheRepository?: ImageRepository;
  /** Address of the BuildKit daemon, such as `unix:///run/buildkit/buildkitd.sock`. */
  readonly buildkit: string;
  /** Use the network of the machine for downloads: the local run alone. */
  readonly hostNetwork: boolean;
  /** Where plain binaries are put, if the service has any. */
  readonly binariesDirectory: string;
  readonly reporter: Reporter;
}

const metadataSchema = z.object({ 'containerimage.digest': z.string() });

/**
 * Builds and pushes the image of a commit, by digest. The same source gives the same digest, and a daemon that has seen it does nothing.
 * @throws RecipeError when source and description don't fit; ProgramError when BuildKit fails
 */
export async function build(input: BuildInput): Promise<Built> {
  const { service, repository, commit, reporter } = input;
  const directory = join(input.source, service.source.directory);
  const recipe = recipeOf(input.platform, service, readSource(directory));
  const image = await buildImage(input, recipe, directory);
  const platforms = await platformDigests(imageReference(repository, image), image, recipe.platforms[0]);
  const tag = `${commit.slice(0, 12)}-${shortDigest(image)}`;
  await labelImage(repository, image, tag);
  const binaries = service.build.binaries.length > 0 ? await buildBinaries(input, recipe, directory) : [];
  reporter.note(`image ${imageReference(repository, image)} (${Object.keys(platforms).sort().join(', ')})`);
  return {
    version: 1,
    stage: 'built',
    service: service.name,
    source: { repository: service.source.repository, commit },
    image: { repository, digest: image, platforms, tag },
    binaries,
  };
}

async function buildImage(input: BuildInput, recipe: ImageRecipe, directory: string): Promise<Digest> {
  const output = [
    'type=image',
    `name=${input.repository}`,
    'push=true',
    'push-by-digest=true',
    'name-canonical=true',
    'oci-mediatypes=true',
    'rewrite-timestamp=true',
    'compression=gzip',
    ...(isLocalRegistry(input.repository) ? ['registry.insecure=true'] : []),
  ].join(',');
  const cache = input.cacheRepository === undefined ? [] : cacheOptions(input.cacheRepository);
  const metadata = await solve(input, recipe, directory, [
    '--opt',
    'target=image',
    '--opt',
    `platform=${recipe.platforms.join(',')}`,
    '--output',
    output,
    ...cache,
  ]);
  return digest(metadataSchema.parse(JSON.parse(metadata))['containerimage.digest']);
}

/** ECR takes a cache as image manifest alone; one reference, since one solve builds all platforms. */
function cacheOptions(repository: ImageRepository): readonly string[] {
  const reference = `type=registry,ref=${repository}:layers${isLocalRegistry(repository) ? ',registry.insecure=true' : ''}`;
  return [
    '--import-cache',
    reference,
    '--export-cache',
    `${reference},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
  ];
}

async function buildBinaries(input: BuildInput, recipe: ImageRecipe, directory: string): Promise<Built['binaries']> {
  await solve(input, recipe, directory, [
    '--opt',
    'target=binaries',
    '--output',
    `type=local,dest=${input.binariesDirectory}`,
  ]);
  const platformOf = (file: string) => {
    const [os = '', architecture = ''] = file
      .replace(/\.exe$/, '')
      .split('-')
      .slice(-2);
    return `${os}/${architecture}`;
  };
  const files = readdirSync(input.binariesDirectory).sort();
  const built = files.map((file) => ({
    platform: platformOf(file),
    file,
    digest: digestOf(readFileSync(join(input.binariesDirectory, file))),
  }));
  writeWhole(join(input.binariesDirectory, 'SHA256SUMS'), checksumsOf(built));
  return built;
}

/** One solve of the recipe. Dockerfile and allow-list are sent beside the source, whose own are never read. */
async function solve(
  input: BuildInput,
  recipe: ImageRecipe,
  directory: string,
  options: readonly string[],
): Promise<string> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-build-'));
  try {
    writeWhole(join(scratch, 'Dockerfile'), recipe.dockerfile);
    writeWhole(join(scratch, 'Dockerfile.dockerignore'), recipe.dockerignore);
    const metadata = join(scratch, 'metadata.json');
    const invocation = {
      program: toolPath('buildctl'),
      arguments: [
        '--addr',
        input.buildkit,
        'build',
        '--frontend',
        'dockerfile.v0',
        '--local',
        `context=${directory}`,
        '--local',
        `dockerfile=${scratch}`,
        '--opt',
        `build-arg:SOURCE_DATE_EPOCH=${sourceDateEpoch}`,
        ...(input.hostNetwork ? ['--allow', 'network.host', '--opt', 'force-network-mode=host'] : []),
        ...options,
        '--metadata-file',
        metadata,
        '--progress',
        'plain',
      ],
      timeoutSeconds: 3600,
      onProgress: (line: string) => input.reporter.progress(line),
    };
    await retryTransient(() => mustRun(invocation), {
      attempts: 3,
      firstWaitSeconds: 2,
      onRetry: (attempt, reason) => input.reporter.note(`BuildKit: ${reason}; trying again (${attempt} of 2)`),
    });
    return options.includes('target=image') ? readFileSync(metadata, 'utf8') : '';
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
