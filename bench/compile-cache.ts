/**
 * Measures a build after an edit of one line, with different caches of the previous build.
 *   node tools/ensure.mjs --for bench && npx tsx bench/compile-cache.ts
 * It builds both platforms of the example service with the build step. `buildctl prune --all` simulates a new machine, which pulls its caches
 * from a registry. A builder that is kept stands for a CodeBuild Docker server: it has the whole state of BuildKit, including cache mounts.
 */
import { appendFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog, requireService } from '../lib/catalog';
import { ensureLocalBaseImages } from '../lib/local/base-images/ensure-base-images';
import { startLocalServices } from '../lib/local/services/services';
import { mustRun } from '../lib/process';
import { build, compressedSize, silentReporter } from '../lib/steps';
import { cacheDirectory, toolPath } from '../lib/tools';
import { branchRef, commitSha, digest, imageRepository } from '../lib/values';
import { compiledPackage } from './compiled-package';
import { cpuSeconds } from './cpu';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const printProgress = (text: string) => process.stderr.write(`${text}\n`);

interface Measure {
  readonly name: string;
  readonly wall: number;
  readonly cpu: number;
  readonly compiled: number;
}

async function main(): Promise<void> {
  const stateDirectory = join(cacheDirectory(), 'bench-state');
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-bench-'));
  const services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
  try {
    const { registry, buildkit } = services;
    const bases = await ensureLocalBaseImages(['builder', 'static'], {
      registry,
      stateDirectory,
      progress: printProgress,
    });
    const catalog = loadCatalog(join(root, 'catalog'));
    const platform = { ...catalog.platform, bases: { ...catalog.platform.bases, ...bases } };
    const source = join(scratch, 'source');
    cpSync(join(root, 'examples', 'hello'), source, { recursive: true });
    const buildctl = (...words: readonly string[]) =>
      mustRun({ program: toolPath('buildctl'), arguments: ['--addr', buildkit, ...words], timeoutSeconds: 120 });
    const edit = () => appendFileSync(join(source, 'cmd', 'hello', 'main.go'), '\nfunc init() { println("edited") }\n');
    // A new repository for every run, so that caches of an earlier run do not count.
    const repositoryPrefix = `bench/${process.pid}`;

    const measure = async (name: string, cache: string | undefined): Promise<Measure> => {
      let compiled = 0;
      const before = cpuSeconds(process.pid);
      const started = process.hrtime.bigint();
      await build({
        platform,
        service: requireService(catalog, 'hello'),
        source,
        commit: commitSha('0'.repeat(40)),
        ref: branchRef('main'),
        repository: imageRepository(`${registry}/${repositoryPrefix}/image`),
        ...(cache === undefined
          ? {}
          : { cacheRepository: imageRepository(`${registry}/${repositoryPrefix}/${cache}`) }),
        buildkit,
        hostNetwork: true,
        binariesDirectory: join(scratch, 'binaries'),
        reporter: {
          ...silentReporter,
          progress: (line) => {
            compiled += compiledPackage(line) === undefined ? 0 : 1;
          },
        },
      });
      const wall = Number(process.hrtime.bigint() - started) / 1e9;
      const result = { name, wall, cpu: cpuSeconds(process.pid) - before, compiled };
      printProgress(`${name}: ${wall.toFixed(1)} s, ${result.cpu.toFixed(1)} CPU s, ${compiled} packages compiled`);
      return result;
    };

    await buildctl('prune', '--all');
    const rows = [await measure('first build, fills both caches', 'both')];
    edit();
    rows.push(await measure('builder kept (Docker server)', undefined));
    edit();
    await buildctl('prune', '--all');
    rows.push(await measure('new machine, layers and compile cache in the registry', 'both'));
    edit();
    await buildctl('prune', '--all');
    await mustRun({
      program: toolPath('crane'),
      arguments: [
        'copy',
        '--insecure',
        `${registry}/${repositoryPrefix}/both:layers`,
        `${registry}/${repositoryPrefix}/layers:layers`,
      ],
      timeoutSeconds: 120,
    });
    rows.push(await measure('new machine, layers in the registry', 'layers'));
    edit();
    await buildctl('prune', '--all');
    rows.push(await measure('new machine, no cache', undefined));
    const baseline = rows[1] as Measure;
    const { stdout } = await mustRun({
      program: toolPath('crane'),
      arguments: ['digest', '--insecure', `${registry}/${repositoryPrefix}/both:compile`],
      timeoutSeconds: 60,
    });
    const size = await compressedSize(imageRepository(`${registry}/${repositoryPrefix}/both`), digest(stdout.trim()));
    process.stdout.write(
      `${markdownTable(
        ['Cache', 'wall', 'ratio', 'CPU', 'ratio', 'packages compiled'],
        rows.map(({ name, wall, cpu, compiled }) => [
          name,
          `${wall.toFixed(1)} s`,
          (wall / baseline.wall).toFixed(1),
          `${cpu.toFixed(1)} s`,
          (cpu / baseline.cpu).toFixed(1),
          String(compiled),
        ]),
      )}\nThe compile cache of both platforms is an image of ${(size / 1e6).toFixed(0)} MB.\n`,
    );
  } finally {
    await services.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
