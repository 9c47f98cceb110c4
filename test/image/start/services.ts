import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, parseCatalog, type Service } from '../../../lib/catalog';
import { type StartReport, startPlan } from '../../../lib/image/start';

const platformText = readFileSync(join(__dirname, '..', '..', '..', 'catalog', 'platform.yaml'), 'utf8');

/** The service shop on the example platform, whose first environment is dev. */
export function parseShop(lines = ''): { readonly platform: Platform; readonly service: Service } {
  const text = `version: 1\nname: shop\nteam: a\nsource: { repository: a/shop }\n${lines}\n`;
  const result = parseCatalog({ file: 'platform.yaml', text: platformText }, [{ file: 'shop.yaml', text }]);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return { platform: result.catalog.platform, service: result.catalog.services[0] as Service };
}

export function planOf(lines = '') {
  const { platform, service } = parseShop(lines);
  return { service, plan: startPlan(platform, service) };
}

/** What the probe program reports of a healthy service with the default catalog. */
export function healthyReport(changes: Partial<StartReport> = {}): StartReport {
  return {
    program: { machine: 'EM_X86_64', missing: [] },
    listening: [{ port: 8080, loopback: false }],
    ready: { port: 8080, path: '/readyz', status: 200 },
    live: { port: 8080, path: '/livez', status: 200 },
    requests: [{ port: 8080, path: '/', status: 200 }],
    metrics: {
      port: 8080,
      path: '/metrics',
      status: 200,
      metrics: [
        { name: 'http_requests_total', labels: ['code', 'method'], type: 'counter' },
        { name: 'http_request_duration_seconds_bucket', labels: ['le'], type: 'histogram' },
      ],
    },
    readySeconds: 0.1,
    written: [],
    stopped: { exited: true, ignored: false, seconds: 0.1 },
    output: [],
    ...changes,
  };
}
