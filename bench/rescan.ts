/**
 * Measures `bowline rescan` of a platform with many services, and compares it with a scan of each image from the registry by the same scanners.
 *   node tools/ensure.mjs --for demo && npx tsx bench/rescan.ts [services]
 * The platform is generated once per number of services (some seconds per service); its images and its evidence are real.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadCatalog } from '../lib/catalog';
import { rescanCommand } from '../lib/cli/actions/rescan';
import { startLocalServices } from '../lib/local/services/services';
import { platformNames } from '../lib/pipeline/names';
import type { VulnerabilityDatabases } from '../lib/steps';
import { cacheDirectory, fixtureDatabases } from '../lib/tools';
import { databasesOfTomorrow } from '../test/end-to-end/databases-of-tomorrow';
import { endedChildrenSeconds } from './cpu';
import { generateRunningPlatform, type RunningPlatform } from './rescan/platform-of-releases';
import { scanFromRegistry } from './rescan/scan-from-registry';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const count = Number(process.argv[2] ?? 100);
/** So many services are scanned from the registry: more would only take longer. */
const compared = Math.min(10, count);

interface Measure {
  /** Seconds. */
  readonly wall: number;
  /** Seconds of this process and of the tools that it ran. */
  readonly cpu: number;
  readonly result: string;
}

async function main(): Promise<void> {
  const { platform } = loadCatalog(join(root, 'catalog'));
  const { classes, keyAlias } = platformNames(platform);
  const stateDirectory = join(cacheDirectory(), 'bench-state', `rescan-${count}`);
  const services = await startLocalServices({
    stateDirectory,
    region: platform.pipeline.region,
    keys: classes.map(keyAlias),
  });
  Object.assign(process.env, services.aws.environment);
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-bench-'));
  try {
    const running = await generateRunningPlatform({ services, stateDirectory, count, progress: printProgress });
    const today = { origin: 'fixture', ...fixtureDatabases() } as const;
    const tomorrow = await databasesOfTomorrow(scratch, 'critical');
    const rows = [
      [`rescan of ${count}`, count, await measure(() => rescan(running, today))],
      [`rescan of ${count}, after a new advisory`, count, await measure(() => rescan(running, tomorrow))],
      [
        `scan of ${compared} from the registry`,
        compared,
        await measure(() => scanFromRegistry(running, compared, today)),
      ],
    ] as const;
    const perService = ([, number, { cpu }]: (typeof rows)[number]) => cpu / number;
    process.stdout.write(
      markdownTable(
        ['Command', 'wall', 'CPU', 'CPU per service', 'ratio', 'result'],
        rows.map((row) => [
          row[0],
          `${row[2].wall.toFixed(1)} s`,
          `${row[2].cpu.toFixed(1)} s`,
          `${perService(row).toFixed(2)} s`,
          (perService(row) / perService(rows[0])).toFixed(1),
          row[2].result,
        ]),
      ),
    );
  } finally {
    await services.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function printProgress(text: string): void {
  process.stderr.write(`${text}\n`);
}

async function measure(work: () => Promise<string>): Promise<Measure> {
  const own = process.cpuUsage();
  const children = endedChildrenSeconds();
  const started = process.hrtime.bigint();
  const result = await work();
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const { user, system } = process.cpuUsage(own);
  return { wall, cpu: (user + system) / 1e6 + endedChildrenSeconds() - children, result };
}

/** Runs the command, and returns its last line, which counts the outcomes. */
async function rescan({ catalog, keys }: RunningPlatform, databases: VulnerabilityDatabases): Promise<string> {
  const printed: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = (text: string | Uint8Array) => printed.push(String(text)) > 0;
  try {
    await rescanCommand([], { catalog, keys, json: false, parallel: '2' }, { databases });
  } finally {
    process.stdout.write = write;
    process.exitCode = 0;
  }
  return printed.join('').trim().split('\n').at(-1)?.replace(/^.*: /, '') ?? '';
}

main().catch((error: Error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
