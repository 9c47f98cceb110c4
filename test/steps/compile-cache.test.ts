import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledPackage } from '../../bench/compiled-package';
import { loadCatalog, type Platform, parseCatalog, type Service } from '../../lib/catalog';
import { ensureLocalBaseImages } from '../../lib/local/base-images/ensure-base-images';
import { type LocalServices, startLocalServices } from '../../lib/local/services/services';
import { build } from '../../lib/steps';
import { toolPath } from '../../lib/tools';
import { branchRef, commitSha, imageRepository } from '../../lib/values';
import { root, stateOf } from '../end-to-end/bench';

jest.setTimeout(900_000);

const stateDirectory = stateOf('compile-cache');
const source = mkdtempSync(join(tmpdir(), 'bowline-compile-cache-'));
let services: LocalServices;
let platform: Platform;
let service: Service;

beforeAll(async () => {
  // Remove the caches of an earlier run of the suite.
  rmSync(join(stateDirectory, 'registry', 'docker', 'registry', 'v2', 'repositories', 'tiny'), {
    recursive: true,
    force: true,
  });
  services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
  const bases = await ensureLocalBaseImages(['builder', 'static'], {
    registry: services.registry,
    stateDirectory,
    progress: () => {},
  });
  const catalog = loadCatalog(join(root, 'catalog'));
  platform = { ...catalog.platform, bases: { ...catalog.platform.bases, ...bases } };
  service = tiny();
});

afterAll(async () => {
  await services?.stop();
  rmSync(source, { recursive: true, force: true });
});

function tiny(): Service {
  const text =
    'version: 1\nname: tiny\nteam: a\nsource: { repository: a/tiny }\nbuild: { platforms: [linux/amd64] }\nstart: { skip: the program prints one line and ends }\n';
  const parsed = parseCatalog({ file: 'platform.yaml', text: platformText() }, [{ file: 'tiny.yaml', text }]);
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.problems));
  }
  return parsed.catalog.services[0] as Service;
}

function platformText(): string {
  return readFileSync(join(root, 'catalog', 'platform.yaml'), 'utf8');
}

function write(message: string): void {
  writeFileSync(join(source, 'go.mod'), 'module example.com/tiny\n\ngo 1.24\n');
  writeFileSync(join(source, 'main.go'), `package main\n\nfunc main() { println("${message}") }\n`);
}

/** Builds with an empty BuildKit cache, as a new machine does. */
async function onNewMachine(cache: string) {
  execFileSync(toolPath('buildctl'), ['--addr', services.buildkit, 'prune', '--all'], { stdio: 'ignore' });
  const packages: string[] = [];
  const notes: string[] = [];
  const built = await build({
    platform,
    service,
    source,
    commit: commitSha('0'.repeat(40)),
    ref: branchRef('main'),
    repository: imageRepository(`${services.registry}/tiny/image`),
    cacheRepository: imageRepository(`${services.registry}/tiny/${cache}`),
    buildkit: services.buildkit,
    hostNetwork: true,
    binariesDirectory: join(source, 'binaries'),
    reporter: {
      note: (text) => notes.push(text),
      progress: (line) => {
        const compiled = compiledPackage(line);
        packages.push(...(compiled === undefined ? [] : [compiled]));
      },
    },
  });
  return { digest: built.image.digest, packages, notes: notes.join('\n') };
}

test('a new machine compiles only the edited package, and takes the rest from the cache of its own kind of build', async () => {
  write('one');
  const first = await onNewMachine('release');
  expect(first.packages).toContain('runtime');
  expect(first.notes).toContain('saved the compile cache');

  write('two');
  const second = await onNewMachine('release');
  expect(second.packages).toEqual(['example.com/tiny']);
  expect(second.notes).not.toContain('compile cache');

  // Pull requests do not read the cache of releases, and a cache does not change a byte of the image.
  const alone = await onNewMachine('pull-requests');
  expect(alone.packages).toContain('runtime');
  expect(alone.digest).toBe(second.digest);
});
