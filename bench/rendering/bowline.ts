/**
 * The measured process of bench/render.ts.
 *   all <services>            parses, checks and renders a generated catalog; prints the measurements as JSON
 *   one <service> <release>   renders two files of the ledger to YAML on standard output, like a promotion
 */
import { readFileSync } from 'node:fs';
import { renderer } from '../../charts/render';
import { requireCatalog, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile, parseReleaseInput, parseServiceFile } from '../../lib/ledger';
import { findRolloutProblems, planRollouts } from '../../lib/rollout';
import { generatedCatalog, generatedRelease } from './catalog';

export interface RenderMeasure {
  readonly services: number;
  readonly readSeconds: number;
  readonly renderSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly files: number;
  readonly objects: number;
  readonly bytes: number;
}

function measureAll(serviceCount: number): RenderMeasure {
  const { platform: platformFile, services: files } = generatedCatalog(serviceCount);
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const catalog = requireCatalog(platformFile, files);
  const problems = findRolloutProblems(planRollouts(catalog), files);
  if (problems.length > 0) {
    throw new Error(`the generated catalog is not valid: ${JSON.stringify(problems[0])}`);
  }
  const services = servicesInEnvironments(catalog);
  const read = performance.now();
  let written = 0;
  let objects = 0;
  let bytes = 0;
  const count = (rendered: ReadonlyMap<string, string>) => {
    for (const text of rendered.values()) {
      written += 1;
      objects += text.split('\n---\n').length;
      bytes += text.length;
    }
  };
  for (const service of services) {
    count(renderer.service(service, generatedRelease(service.name, service.environment)));
  }
  for (const environment of catalog.platform.environments) {
    const inEnvironment = services.filter((service) => service.environment === environment.name);
    count(renderer.environment(environmentFile(catalog.platform, environment), inEnvironment));
  }
  const ended = performance.now();
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    services: serviceCount,
    readSeconds: (read - started) / 1000,
    renderSeconds: (ended - read) / 1000,
    cpuSeconds: (user + system) / 1e6,
    // In KiB on Linux (getrusage(2)).
    peakBytes: process.resourceUsage().maxRSS * 1024,
    files: written,
    objects,
    bytes,
  };
}

function renderOne(servicePath: string, releasePath: string): string {
  const read = (path: string) => readFileSync(path, 'utf8');
  const { environment, name } = JSON.parse(read(servicePath)) as { environment: string; name: string };
  const service = parseServiceFile(environment, name, read(servicePath));
  const release = parseReleaseInput(environment, name, read(releasePath));
  return [...renderer.service(service, release).values()].join('---\n');
}

const [mode, first = '', second = ''] = process.argv.slice(2);
process.stdout.write(mode === 'all' ? JSON.stringify(measureAll(Number(first))) : renderOne(first, second));
