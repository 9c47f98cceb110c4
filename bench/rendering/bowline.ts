/**
 * What is measured of Bowline, in a process of its own.
 *   all <services>            a generated catalog: read, judged, rendered; the measures as JSON on standard output
 *   one <service> <release>   what a promotion renders: two files of the ledger → YAML on standard output
 */
import { readFileSync } from 'node:fs';
import { renderer } from '../../charts/render';
import { requireCatalog, servicesInEnvironments } from '../../lib/catalog';
import { environmentFile, parseReleaseInput, parseServiceFile } from '../../lib/ledger';
import { planRollouts, findRolloutProblems } from '../../lib/rollout';
import { generatedCatalog, generatedRelease } from './catalog';

export interface OwnMeasure {
  readonly services: number;
  readonly readSeconds: number;
  readonly renderSeconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly files: number;
  readonly objects: number;
  readonly bytes: number;
}

function all(count: number): OwnMeasure {
  const { platform: platformFile, services: files } = generatedCatalog(count);
  const begun = process.cpuUsage();
  const started = performance.now();
  const catalog = requireCatalog(platformFile, files);
  const problems = findRolloutProblems(planRollouts(catalog), files);
  if (problems.length > 0) {
    throw new Error(`the generated catalog is not taken: ${JSON.stringify(problems[0])}`);
  }
  const services = servicesInEnvironments(catalog);
  const read = performance.now();
  let written = 0;
  let objects = 0;
  let bytes = 0;
  const take = (rendered: ReadonlyMap<string, string>) => {
    for (const text of rendered.values()) {
      written += 1;
      objects += text.split('\n---\n').length;
      bytes += text.length;
    }
  };
  for (const service of services) {
    take(renderer.service(service, generatedRelease(service.name, service.environment)));
  }
  for (const environment of catalog.platform.environments) {
    const own = services.filter((service) => service.environment === environment.name);
    take(renderer.environment(environmentFile(catalog.platform, environment), own));
  }
  const ended = performance.now();
  const { user, system } = process.cpuUsage(begun);
  return {
    services: count,
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

function one(servicePath: string, releasePath: string): string {
  const read = (path: string) => readFileSync(path, 'utf8');
  const { environment, name } = JSON.parse(read(servicePath)) as { environment: string; name: string };
  const service = parseServiceFile(environment, name, read(servicePath));
  const release = parseReleaseInput(environment, name, read(releasePath));
  return [...renderer.service(service, release).values()].join('---\n');
}

const [mode, first = '', second = ''] = process.argv.slice(2);
process.stdout.write(mode === 'all' ? JSON.stringify(all(Number(first))) : one(first, second));
