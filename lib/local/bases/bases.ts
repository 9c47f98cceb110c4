import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../process';
import { toolPath } from '../../tools';
import { digest, type ImageReference, imageReference, imageRepository } from '../../values';
import { writeWhole } from '../../verbs';
import { fillCompiler, fillGlibc, fillStatic, fillToolchain, fillTools, packagesOf } from './roots';

/** Raised when the content of a base changes, so that old ones are not taken for it. */
const recipeVersion = 1;

export const localBaseNames = ['builder', 'builderCgo', 'static', 'glibc', 'alpine'] as const;
export type LocalBaseName = (typeof localBaseNames)[number];

export interface LocalBasesOptions {
  readonly registry: string;
  readonly stateDirectory: string;
  readonly progress: (line: string) => void;
}

/**
 * Makes small base images out of Debian's packages and the machine's Go, and pushes them to the local registry. For where no public registry
 * can be reached. Deterministic: the same packages and toolchain give the same digests. Made once per content.
 */
export async function ensureLocalBases(
  names: readonly LocalBaseName[],
  options: LocalBasesOptions,
): Promise<Readonly<Partial<Record<LocalBaseName, ImageReference>>>> {
  const made: Partial<Record<LocalBaseName, ImageReference>> = {};
  const known = readKnown(options.stateDirectory);
  const scratch = join(options.stateDirectory, 'bases');
  mkdirSync(scratch, { recursive: true });
  for (const name of names) {
    const key = await contentKey(name, scratch);
    const before = known[name];
    if (before?.key === key && (await isThere(options.registry, name, before.digest))) {
      made[name] = reference(options.registry, name, before.digest);
      continue;
    }
    options.progress(`local base ${name}: making it`);
    const image = await make(name, options, scratch);
    known[name] = { key, digest: image };
    writeWhole(join(options.stateDirectory, 'bases.json'), `${JSON.stringify(known, undefined, 2)}\n`);
    made[name] = reference(options.registry, name, image);
    options.progress(`local base ${name}: ${image}`);
  }
  return made;
}

type Known = Partial<Record<LocalBaseName, { readonly key: string; readonly digest: string }>>;

function readKnown(stateDirectory: string): Known {
  const file = join(stateDirectory, 'bases.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Known) : {};
}

function reference(registry: string, name: LocalBaseName, image: string): ImageReference {
  return imageReference(imageRepository(`${registry}/bowline-base/${name.toLowerCase()}`), digest(image));
}

/** What a base is made of, without making it: names and versions. */
async function contentKey(name: LocalBaseName, scratch: string): Promise<string> {
  const kinds = {
    builder: [],
    builderCgo: ['compiler'],
    static: ['static'],
    glibc: ['static', 'glibc'],
    alpine: ['static'],
  } as const;
  const packages = await Promise.all(kinds[name].map((kind) => packagesOf(kind, scratch)));
  const go = name.startsWith('builder')
    ? (
        await mustRun({
          program: 'go',
          arguments: ['env', 'GOVERSION', 'GOROOT'],
          environment: { GOTOOLCHAIN: 'local' },
          timeoutSeconds: 30,
        })
      ).stdout
    : '';
  return createHash('sha256').update(JSON.stringify({ recipeVersion, name, packages, go })).digest('hex').slice(0, 16);
}

async function isThere(registry: string, name: LocalBaseName, image: string): Promise<boolean> {
  const response = await fetch(`http://${registry}/v2/bowline-base/${name.toLowerCase()}/manifests/${image}`, {
    method: 'HEAD',
    headers: { accept: 'application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json' },
  }).catch(() => undefined);
  return response?.ok === true;
}

async function make(name: LocalBaseName, options: LocalBasesOptions, scratch: string): Promise<string> {
  const work = mkdtempSync(join(scratch, `${name}-`));
  try {
    const layers = await layersOf(name, work);
    const repository = `${options.registry}/bowline-base/${name.toLowerCase()}`;
    return name === 'static' ? await pushIndex(repository, layers) : await pushImage(repository, layers, 'amd64', name);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function layersOf(name: LocalBaseName, work: string): Promise<readonly string[]> {
  const layer = async (part: string, fill: (root: string) => Promise<void> | void): Promise<string> => {
    const root = join(work, part);
    mkdirSync(root, { recursive: true });
    await fill(root);
    return archive(root, join(work, `${part}.tar`));
  };
  const staticLayer = () => layer('static', async (root) => fillStatic(root, await packagesOf('static', work), work));
  const toolsLayer = () => layer('tools', fillTools);
  switch (name) {
    case 'static':
      return [await staticLayer()];
    case 'glibc':
      return [
        await staticLayer(),
        await layer('glibc', async (root) => fillGlibc(root, await packagesOf('glibc', work), work)),
      ];
    case 'alpine':
      return [await staticLayer(), await toolsLayer()];
    case 'builder':
      return [await toolsLayer(), await toolchainLayer(layer)];
    case 'builderCgo':
      return [
        await toolsLayer(),
        await layer('compiler', async (root) => fillCompiler(root, await packagesOf('compiler', work), work)),
        await toolchainLayer(layer),
      ];
  }
}

async function toolchainLayer(layer: (part: string, fill: (root: string) => void) => Promise<string>): Promise<string> {
  const { stdout } = await mustRun({
    program: 'go',
    arguments: ['env', 'GOROOT'],
    environment: { GOTOOLCHAIN: 'local' },
    timeoutSeconds: 30,
  });
  return layer('toolchain', (root) => fillToolchain(root, stdout.trim()));
}

/** A tar file whose bytes depend on names, modes and contents alone. */
async function archive(root: string, file: string): Promise<string> {
  const steady = ['--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--format=gnu'];
  await mustRun({
    program: 'tar',
    arguments: [...steady, '-cf', file, '-C', root, '.'],
    environment: { LC_ALL: 'C' },
    timeoutSeconds: 300,
  });
  return file;
}

async function crane(...words: readonly string[]): Promise<string> {
  return (
    await mustRun({ program: toolPath('crane'), arguments: ['--insecure', ...words], timeoutSeconds: 300 })
  ).stdout.trim();
}

async function pushImage(
  repository: string,
  layers: readonly string[],
  architecture: 'amd64' | 'arm64',
  name: LocalBaseName,
): Promise<string> {
  const tag = `${repository}:${architecture}`;
  const builder = name.startsWith('builder');
  const settings = builder
    ? [
        '-w',
        '/source',
        '-e',
        'PATH=/usr/local/go/bin:/usr/bin:/bin',
        '-e',
        'GOTOOLCHAIN=local',
        '-e',
        'GOPATH=/go',
        '-e',
        'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      ]
    : [
        '-u',
        '65532:65532',
        '-w',
        '/home/nonroot',
        '-e',
        'PATH=/usr/bin:/bin',
        '-e',
        'SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt',
      ];
  await crane(
    'append',
    '--oci-empty-base',
    '--platform',
    `linux/${architecture}`,
    ...layers.flatMap((file) => ['-f', file]),
    '-t',
    tag,
  );
  await crane('mutate', tag, '--set-platform', `linux/${architecture}`, ...settings, '-t', tag);
  return crane('digest', tag);
}

async function pushIndex(repository: string, layers: readonly string[]): Promise<string> {
  for (const architecture of ['amd64', 'arm64'] as const) {
    await pushImage(repository, layers, architecture, 'static');
  }
  await crane('index', 'append', '-m', `${repository}:amd64`, '-m', `${repository}:arm64`, '-t', `${repository}:index`);
  return crane('digest', `${repository}:index`);
}
