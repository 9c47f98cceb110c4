import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { renderer } from '../../charts/render';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { ReleaseFile } from '../../lib/ledger';
import { digestOf, type ImageReference, memoryBytes } from '../../lib/values';
import { generatedRelease } from './catalog';

/** Placeholders that occur nowhere else in the manifests. Each becomes a value of the chart. Short enough that the uid of the dashboard is not truncated. */
const name = 'samplename';
const team = 'sampleteam';
const environment = 'sampleenv';
const replicas = 6161;
const maxReplicas = 9797;
const cpu = '6161m';
const memory = '6161Mi';
const requestsPerSecond = 737_373;
const image = `sampleregistry/sample@${digestOf('sample')}` as ImageReference;

/** The uid of the dashboard ends with a hash of the placeholders, so the chart hashes the values like charts/service/dashboard.ts. */
const uid = new RegExp(`bowline-${environment}-${name}-[0-9a-f]{8}`, 'g');
const uidOfValues = [
  '{{ printf "bowline-%s-%s" .Values.environment .Values.name | trunc 31 }}',
  '{{ printf "[%q,%q]" .Values.environment .Values.name | sha256sum | trunc 8 }}',
].join('-');

/**
 * Writes a Helm chart that renders the manifests of a service like `example` from a few values. It fits only services that differ in these
 * values alone; the caller compares the output.
 */
export function writeHelmChart(folder: string, example: ServiceInEnvironment): void {
  const placeholderService: ServiceInEnvironment = {
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
  for (const [path, text] of renderer.service(placeholderService, release)) {
    const file = path.startsWith('apps/') ? 'application.yaml' : basename(path);
    writeFileSync(join(folder, 'templates', file), toTemplate(text));
  }
}

/** Escapes braces, then replaces the hash of the placeholders, then every placeholder by a value. */
function toTemplate(manifest: string): string {
  const limit = String(goMemoryLimit(memory));
  return [
    [name, 'name'],
    [team, 'team'],
    [environment, 'environment'],
    [image, 'image'],
    [limit, 'goMemoryLimit'],
    [cpu, 'cpu'],
    [memory, 'memory'],
    [String(replicas), 'replicas'],
    [String(maxReplicas), 'maxReplicas'],
    [String(requestsPerSecond), 'requestsPerSecond'],
  ].reduce(
    (text, [placeholder, value]) => text.replaceAll(placeholder as string, `{{ .Values.${value} }}`),
    manifest.replaceAll(/\{\{|\}\}/g, (braces) => `{{ "${braces}" }}`).replaceAll(uid, uidOfValues),
  );
}

/** The values of the chart for a service. */
export function helmValues(service: ServiceInEnvironment, release: ReleaseFile): string {
  return stringify({
    name: service.name,
    team: service.team,
    environment: service.environment,
    image: release.image,
    goMemoryLimit: String(goMemoryLimit(service.memory)),
    cpu: service.cpu,
    memory: service.memory,
    replicas: service.replicas,
    maxReplicas: service.maxReplicas,
    requestsPerSecond: service.requestsPerSecond,
  });
}

/** GOMEMLIMIT as in charts/service/deployment.ts. */
function goMemoryLimit(quantity: string): number {
  return Math.floor(memoryBytes(quantity) * 0.9);
}
