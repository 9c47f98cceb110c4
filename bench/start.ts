/**
 * Measures what the first start adds to a build of the example service for both platforms whose image is cached.
 *   node tools/ensure.mjs --for bench && npx tsx bench/start.ts [rounds]
 * The three kinds of builds alternate, so that other work on the machine affects all of them. The first build fills the caches.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog, requireService } from '../lib/catalog';
import { ensureLocalBaseImages } from '../lib/local/base-images/ensure-base-images';
import { startLocalServices } from '../lib/local/services/services';
import { build, silentReporter } from '../lib/steps';
import { cacheDirectory } from '../lib/tools';
import { branchRef, commitSha, imageRepository } from '../lib/values';
import { cpuSeconds } from './cpu';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const rounds = Number(process.argv[2] ?? 5);

interface Measure {
  readonly wall: number;
  readonly cpu: number;
}

async function main(): Promise<void> {
  const stateDirectory = join(cacheDirectory(), 'bench-state');
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-bench-'));
  const services = await startLocalServices({ stateDirectory, region: 'eu-west-1', keys: [] });
  try {
    const { registry, buildkit } = services;
    const printProgress = (text: string) => process.stderr.write(`${text}\n`);
    const bases = await ensureLocalBaseImages(['builder', 'static'], {
      registry,
      stateDirectory,
      progress: printProgress,
    });
    const catalog = loadCatalog(join(root, 'catalog'));
    const hello = requireService(catalog, 'hello');
    const withStart = (start: Partial<typeof hello.start>) => ({ ...hello, start: { ...hello.start, ...start } });
    const kinds = [
      { name: 'without a start', service: () => withStart({ skip: 'measured without' }) },
      // A setting of its own makes BuildKit start the image again.
      {
        name: 'with a start',
        service: () => withStart({ settings: { ...hello.start.settings, MEASURED: `${Date.now()}` } }),
      },
      { name: 'with a cached start', service: () => hello },
    ];
    const source = join(root, 'examples', 'hello');
    const measureBuild = async (service: typeof hello): Promise<Measure> => {
      const before = cpuSeconds(process.pid);
      const started = process.hrtime.bigint();
      await build({
        platform: { ...catalog.platform, bases: { ...catalog.platform.bases, ...bases } },
        service,
        source,
        commit: commitSha('0'.repeat(40)),
        ref: branchRef('main'),
        repository: imageRepository(`${registry}/bench/start`),
        buildkit,
        hostNetwork: true,
        binariesDirectory: join(scratch, 'binaries'),
        reporter: { ...silentReporter, note: printProgress },
      });
      return { wall: Number(process.hrtime.bigint() - started) / 1e9, cpu: cpuSeconds(process.pid) - before };
    };
    await measureBuild(hello);
    const measures = new Map(kinds.map(({ name }) => [name, [] as Measure[]]));
    for (let round = 0; round < rounds; round++) {
      for (const { name, service } of kinds) {
        measures.get(name)?.push(await measureBuild(service()));
      }
    }
    const rows = [...measures].map(([name, measured]) => [name, ...cells(measured)]);
    process.stdout.write(markdownTable(['Build of a cached image', 'wall', 'CPU'], rows));
  } finally {
    await services.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function cells(measures: readonly Measure[]): readonly string[] {
  return [median(measures.map(({ wall }) => wall)), median(measures.map(({ cpu }) => cpu))].map(
    (seconds) => `${seconds.toFixed(1)} s`,
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
