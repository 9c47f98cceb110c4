import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Platform, Service } from '../catalog';
import { binaryFileName, recipeOf } from '../image';
import { type Built, checksumsOf } from '../release';
import {
  type CommitSha,
  type Digest,
  digest,
  digestOf,
  type ImageRepository,
  imageReference,
  shortDigest,
} from '../values';
import { type Solve, solve } from './clients/buildkit-solve';
import { labelImage, platformDigests, protocolOptions } from './clients/registry';
import { beginCompileCache } from './compile-cache';
import { readSource } from './read-source';
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
  /** Registry cache of layers and of what was compiled; absent: the caches of the BuildKit daemon alone. */
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
 * @throws BowlineError `recipe` when source and description don't fit; BowlineError when the source does not compile; ProgramError when BuildKit fails
 */
export async function build(input: BuildInput): Promise<Built> {
  const { service, repository, cacheRepository, commit, reporter } = input;
  const directory = join(input.source, service.source.directory);
  const recipe = recipeOf(input.platform, service, readSource(directory));
  const work: Solve = { ...input, recipe, directory };
  const compileCache = cacheRepository === undefined ? undefined : await beginCompileCache(work, cacheRepository);
  const seed = compileCache?.seed ?? [];
  const layers = cacheRepository === undefined ? [] : layerCache(cacheRepository);
  const image = await buildImage(work, repository, [...seed, ...layers]);
  const platforms = await platformDigests(imageReference(repository, image), image, recipe.platforms[0]);
  const tag = `${commit.slice(0, 12)}-${shortDigest(image)}`;
  await labelImage(repository, image, tag);
  const binaries = service.build.binaries.length > 0 ? await buildBinaries(work, input.binariesDirectory, seed) : [];
  await compileCache?.keep();
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

async function buildImage(work: Solve, repository: ImageRepository, caches: readonly string[]): Promise<Digest> {
  const output = [
    'type=image',
    `name=${repository}`,
    'push=true',
    'push-by-digest=true',
    'name-canonical=true',
    'oci-mediatypes=true',
    'rewrite-timestamp=true',
    'compression=gzip',
    ...protocolOptions(repository),
  ].join(',');
  const metadata = await solve(work, [
    '--opt',
    'target=image',
    '--opt',
    `platform=${work.recipe.platforms.join(',')}`,
    '--output',
    output,
    ...caches,
  ]);
  return digest(metadataSchema.parse(JSON.parse(metadata))['containerimage.digest']);
}

/** ECR takes a cache as image manifest alone; one reference, since one solve builds all platforms. */
function layerCache(repository: ImageRepository): readonly string[] {
  const reference = ['type=registry', `ref=${repository}:layers`, ...protocolOptions(repository)].join(',');
  return [
    '--import-cache',
    reference,
    '--export-cache',
    `${reference},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`,
  ];
}

async function buildBinaries(work: Solve, directory: string, seed: readonly string[]): Promise<Built['binaries']> {
  const { name, build } = work.service;
  removeEarlier(name, directory);
  await solve(work, ['--opt', 'target=binaries', '--output', `type=local,dest=${directory}`, ...seed]);
  const built = [...build.binaries].sort().map((platform) => {
    const file = binaryFileName(work.service, platform);
    return { platform, file, digest: digestOf(readFileSync(join(directory, file))) };
  });
  writeWhole(join(directory, checksumsFile), checksumsOf(built));
  return built;
}

const checksumsFile = 'SHA256SUMS';

/** What an earlier build has left there: a platform that is wanted no more. By hand the folder may hold other people's files, too. */
function removeEarlier(service: string, directory: string): void {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  for (const file of files.filter((each) => each === checksumsFile || each.startsWith(`${service}-`))) {
    rmSync(join(directory, file), { recursive: true });
  }
}
