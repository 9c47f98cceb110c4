import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { renderer } from '../../charts/render';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { ReleaseFile } from '../../lib/ledger';
import { digestOf, type ImageReference, memoryBytes } from '../../lib/values';
import { generatedRelease } from './catalog';

/** Stand-ins that occur nowhere else in the manifests: each becomes a value of the chart. */
const name = 'standinname';
const team = 'standinteam';
const environment = 'standinenv';
const replicas = 6161;
const maxReplicas = 9797;
const cpu = '6161m';
const memory = '6161Mi';
const requestsPerSecond = 737_373;
const image = `standinregistry/standin@${digestOf('stand-in')}` as ImageReference;

/** The dashboard's uid ends in a hash of the stand-ins, so that the chart hashes the values: as charts/service/dashboard.ts does. */
const uid = new RegExp(`bowline-${environment}-${name}-[0-9a-f]{8}`, 'g');
const uidOfValues = [
  '{{ printf "bowline-%s-%s" .Values.environment .Values.name | trunc 31 }}',
  '{{ printf "[%q,%q]" .Values.environment .Values.name | sha256sum | trunc 8 }}',
].join('-');

/**
 * A chart that makes of a few values what Bowline makes of a service like `example`, and the values of a service.
 * Only what the values name may differ between services: whether that holds is for the caller to compare.
 */
export function writeHelmChart(folder: string, example: ServiceInEnvironment): void {
  const standIn: ServiceInEnvironment = {
    ...example,
    name,
    team,
    environment,
    namespace: name,
    hostname: example.hostname.replace(example.name, name).replace(example.environment, environment),
    replicas,
    maxReplicas,
    cpu,
    memory,
    requestsPerSecond,
  };
  const release: ReleaseFile = { ...generatedRelease(name, environment), image };
  mkdirSync(join(folder, 'templates'), { recursive: true });
  writeFileSync(join(folder, 'Chart.yaml'), stringify({ apiVersion: 'v2', name: 'service', version: '1.0.0' }));
  for (const [path, text] of renderer.service(standIn, release)) {
    const file = path.startsWith('apps/') ? 'application.yaml' : basename(path);
    writeFileSync(join(folder, 'templates', file), template(text));
  }
}

/** Texts with their own braces first, then what is hashed of stand-ins, then every stand-in as a value. */
function template(manifest: string): string {
  const goLimit = String(limitOf(memory));
  return [
    [name, 'name'],
    [team, 'team'],
    [environment, 'environment'],
    [image, 'image'],
    [goLimit, 'goMemoryLimit'],
    [cpu, 'cpu'],
    [memory, 'memory'],
    [String(replicas), 'replicas'],
    [String(maxReplicas), 'maxReplicas'],
    [String(requestsPerSecond), 'requestsPerSecond'],
  ].reduce(
    (text, [standIn, value]) => text.replaceAll(standIn as string, `{{ .Values.${value} }}`),
    manifest.replaceAll(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`).replaceAll(uid, uidOfValues),
  );
}

export function helmValues(service: ServiceInEnvironment, release: ReleaseFile): string {
  return stringify({
    name: service.name,
    team: service.team,
    environment: service.environment,
    image: release.image,
    goMemoryLimit: String(limitOf(service.memory)),
    cpu: service.cpu,
    memory: service.memory,
    replicas: service.replicas,
    maxReplicas: service.maxReplicas,
    requestsPerSecond: service.requestsPerSecond,
  });
}

/** As charts/service/deployment.ts sets GOMEMLIMIT. */
function limitOf(quantity: string): number {
  return Math.floor(memoryBytes(quantity) * 0.9);
}
