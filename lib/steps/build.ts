import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Platform, Service } from '../catalog';
import { binaryFileName, createImageRecipe } from '../image';
import { writeFileAtomic } from '../process';
import { type Built, checksumsOf, recordVersion } from '../release';
import {
  type CommitSha,
  type Digest,
  digest,
  digestOf,
  type GitRef,
  type ImageRepository,
  imageReference,
  shortDigest,
} from '../values';
import { type SolveInput, solve } from './clients/buildkit-solve';
import { platformDigests, protocolOptions, tagImage } from './clients/registry';
import { openCompileCache } from './compile-cache';
import type { ModuleAccess } from './modules/module-access';
import type { Reporter } from './reporter';
import { readSource } from './source/read-source';
import { reportUnwatchedPaths } from './source/unwatched-paths';
import { startImage } from './start-image';
import { testSource } from './test-source';

export interface BuildInput {
  readonly platform: Platform;
  readonly service: Service;
  /** Checkout of the service's repository. */
  readonly source: string;
  readonly commit: CommitSha;
  /** What the pipeline releases: from its control plane, never from the source. */
  readonly ref: GitRef;
  /** Where the image is pushed, by digest. */
  readonly repository: ImageRepository;
  /** Registry cache of layers and of Go's build cache. Without it only the caches of the BuildKit daemon are used. */
  readonly cacheRepository?: ImageRepository;
  /** Address of the BuildKit daemon, such as `unix:///run/buildkit/buildkitd.sock`. */
  readonly buildkit: string;
  /** Download over the network of the machine. Only the local run does so. */
  readonly hostNetwork: boolean;
  /** Opens the access to private modules. Called only where the build downloads them. @default no access */
  readonly openModules?: () => Promise<ModuleAccess>;
  /** Where the plain binaries are written, if the service has any. */
  readonly binariesDirectory: string;
  readonly reporter: Reporter;
}

const metadataSchema = z.object({ 'containerimage.digest': z.string() });

/**
 * Runs the tests of a commit if the catalog asks for them, builds its image, starts it once, and pushes it by digest. An image whose tests or start are
 * rejected is not pushed. The same source gives the same digest, and a daemon that built it before does nothing.
 * @throws BowlineError `tests-failed`, `tests-timed-out`, `no-tests` (exit 2), `recipe`, `does-not-compile`, `go-too-old`, `modules-unfit` (exit 3),
 *   `compiler-failed` (exit 1)
 * @throws ProgramError when BuildKit fails
 */
export async function build(input: BuildInput): Promise<Built> {
  const { service, repository, cacheRepository, commit, ref, reporter } = input;
  const facts = await readSource(input.source, service);
  const recipe = createImageRecipe(input.platform, service, facts);
  const directory = join(input.source, recipe.layout.root);
  reportUnwatchedPaths(input.platform, service, facts, reporter);
  const modules = recipe.layout.vendored ? undefined : service.build.modules;
  const access = modules === undefined ? undefined : await input.openModules?.();
  const work: SolveInput = { ...input, recipe, directory, modules: access };
  // With cgo, Go's cache has generated source of private packages, which does not leave the job.
  const keepsCache = cacheRepository !== undefined && !(modules !== undefined && service.build.cgo);
  const compileCache = keepsCache ? await openCompileCache(work, cacheRepository) : undefined;
  const seed = compileCache?.seed ?? [];
  const tests = await testSource(work, facts, [
    ...seed,
    ...(cacheRepository === undefined ? [] : registryCache(cacheRepository, 'tests', 'min')),
  ]);
  const layers =
    cacheRepository === undefined
      ? []
      : registryCache(cacheRepository, 'layers', modules === undefined ? 'max' : 'min');
  const start = await startImage(work, input.platform, [...seed, ...importOptions(layers)]);
  const image = await buildImage(work, repository, [...seed, ...layers]);
  const platforms = await platformDigests(imageReference(repository, image));
  const tag = `${commit.slice(0, 12)}-${shortDigest(image)}`;
  await tagImage(repository, image, tag);
  const binaries = service.build.binaries.length > 0 ? await buildBinaries(work, input.binariesDirectory, seed) : [];
  await compileCache?.save();
  reporter.note(`image ${imageReference(repository, image)} (${Object.keys(platforms).sort().join(', ')})`);
  return {
    version: recordVersion,
    stage: 'built',
    service: service.name,
    source: { repository: service.source.repository, commit, ref },
    image: { repository, digest: image, platforms, tag },
    binaries,
    start,
    ...(tests === undefined ? {} : { tests }),
  };
}

/** A start exports no cache: the build of the image does, and a start must not be reused on another machine. */
function importOptions(caches: readonly string[]): readonly string[] {
  const exports = caches.indexOf('--export-cache');
  return exports < 0 ? caches : caches.slice(0, exports);
}

async function buildImage(work: SolveInput, repository: ImageRepository, caches: readonly string[]): Promise<Digest> {
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

/**
 * ECR accepts a cache only as an image manifest. One reference is enough: one solve builds all platforms.
 * @param mode `min` leaves the layers out that are not in the result, such as the one with the source of private modules
 */
function registryCache(repository: ImageRepository, tag: string, mode: 'max' | 'min'): readonly string[] {
  const reference = ['type=registry', `ref=${repository}:${tag}`, ...protocolOptions(repository)].join(',');
  return [
    '--import-cache',
    reference,
    '--export-cache',
    `${reference},mode=${mode},image-manifest=true,oci-mediatypes=true,ignore-error=true`,
  ];
}

async function buildBinaries(work: SolveInput, directory: string, seed: readonly string[]): Promise<Built['binaries']> {
  const { name, build } = work.service;
  removeEarlierBinaries(name, directory);
  await solve(work, ['--opt', 'target=binaries', '--output', `type=local,dest=${resolve(directory)}`, ...seed]);
  const built = [...build.binaries].sort().map((platform) => {
    const file = binaryFileName(work.service, platform);
    return { platform, file, digest: digestOf(readFileSync(join(directory, file))) };
  });
  writeFileAtomic(join(directory, checksumsFile), checksumsOf(built));
  return built;
}

const checksumsFile = 'SHA256SUMS';

/** Removes the files of an earlier build, such as those of a platform that was dropped. Other files in the folder may be the user's: they stay. */
function removeEarlierBinaries(service: string, directory: string): void {
  const files = existsSync(directory) ? readdirSync(directory) : [];
  for (const file of files.filter((name) => name === checksumsFile || name.startsWith(`${service}-`))) {
    rmSync(join(directory, file), { recursive: true });
  }
}
