import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import type { CatalogFile } from '../../lib/catalog';
import type { ReleaseFile } from '../../lib/ledger';
import { type CommitSha, digestOf, type ImageReference } from '../../lib/values';

/** Generates the files of a catalog with services in three environments. No two services are equal. */
export function generatedCatalog(services: number): {
  readonly platform: CatalogFile;
  readonly services: readonly CatalogFile[];
} {
  const example = readFileSync(join(process.cwd(), 'catalog', 'platform.yaml'), 'utf8');
  const platform = parseDocument(example);
  const [dev, prod] = (platform.toJS() as { environments: readonly object[] }).environments;
  platform.set('environments', [dev, { ...dev, name: 'stage', defaults: { replicas: 2, memory: '1Gi' } }, prod]);
  return {
    platform: { file: 'platform.yaml', text: String(platform) },
    services: Array.from({ length: services }, (_, index) => serviceFile(index)),
  };
}

const plans = ['fast', 'balanced', 'careful', 'blue-green'] as const;

function serviceFile(index: number): CatalogFile {
  const name = `service-${String(index).padStart(4, '0')}`;
  const text = stringify({
    version: 1,
    name,
    team: `team-${index % 40}`,
    source: { repository: `acme/${name}` },
    traffic: { requestsPerSecond: 500 + index },
    rollback: { plan: plans[index % plans.length], budget: '10m' },
    agent: index % 2 === 0,
    environments: { prod: { settings: { LOG_LEVEL: 'info', REGION_NUMBER: index } } },
  });
  return { file: `services/${name}.yaml`, text };
}

export function generatedRelease(service: string, environment: string): ReleaseFile {
  const digest = (part: string) => digestOf(`${service} ${part}`);
  return {
    version: 1,
    service,
    environment,
    image: `registry.example.com/acme/${service}@${digest('image')}` as ImageReference,
    source: { repository: `acme/${service}`, commit: digest('commit').slice(7, 47) as CommitSha },
    evidence: {
      platforms: { 'linux/amd64': digest('amd64') },
      sboms: { 'linux/amd64': digest('sbom') },
      verdict: 'passed',
      databases: ['example'],
      signedBy: digest('key'),
    },
  };
}
