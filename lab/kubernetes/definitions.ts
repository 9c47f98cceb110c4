import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cachePinnedFiles } from '../go-modules';
import { writeFileAtomically } from '../machine/write-file';
import type { KubernetesClient } from './client';

/** A CustomResourceDefinition as its project ships it. The lab does not parse the text: parsing two megabytes takes longer than applying them. */
export interface Definition {
  readonly name: string;
  readonly text: string;
}

/** The definitions in the source of each project, at the version that tools/go pins. */
const sources: readonly { readonly module: string; readonly path: string; readonly files: readonly string[] }[] = [
  { module: 'flagger', path: 'github.com/fluxcd/flagger', files: ['artifacts/flagger/crd.yaml'] },
  {
    module: 'argocd',
    path: 'github.com/argoproj/argo-cd/v3',
    files: ['application', 'appproject', 'applicationset'].map((name) => `manifests/crds/${name}-crd.yaml`),
  },
  {
    module: 'contour',
    path: 'sigs.k8s.io/gateway-api',
    files: [
      'backendtlspolicies',
      'gatewayclasses',
      'gateways',
      'grpcroutes',
      'httproutes',
      'referencegrants',
      'tcproutes',
      'tlsroutes',
      'udproutes',
    ].map((name) => `config/crd/experimental/gateway.networking.k8s.io_${name}.yaml`),
  },
  { module: 'contour', path: 'github.com/projectcontour/contour', files: ['examples/contour/01-crds.yaml'] },
  {
    module: 'resources',
    path: 'github.com/prometheus-operator/prometheus-operator',
    files: ['servicemonitors', 'podmonitors', 'prometheusrules', 'alertmanagerconfigs'].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
];

/** Splits a YAML file into its definitions. @throws Error if a definition has no name */
export function parseDefinitions(text: string): readonly Definition[] {
  return text
    .split(/^---\s*$/m)
    .filter((part) => /^kind: CustomResourceDefinition\s*$/m.test(part))
    .map((part) => {
      const name = /^metadata:\n(?: .*\n)*? {2}name: (\S+)$/m.exec(part)?.[1];
      if (name === undefined) {
        throw new Error('found a CustomResourceDefinition without a name');
      }
      // Some files contain an empty status, which only the API server may set.
      return { name, text: part.replace(/^status:\n(?:[ ].*\n?|\n)*/m, '') };
    });
}

/**
 * Applies the definitions of Argo CD, Flagger, the Gateway API, Contour and Prometheus Operator.
 * @param done file with the hash of the applied definitions. It saves ten seconds: the time of the API server to find no difference
 */
export async function applyDefinitions(client: KubernetesClient, done: string): Promise<void> {
  const definitions = (
    await Promise.all(
      sources.map(async ({ module, path, files }) => {
        const directory = await cachePinnedFiles(module, path, files);
        return files.flatMap((file) => parseDefinitions(readFileSync(join(directory, file), 'utf8')));
      }),
    )
  ).flat();
  const key = createHash('sha256').update(JSON.stringify(definitions)).digest('hex');
  if (existsSync(done) && readFileSync(done, 'utf8') === key) {
    return;
  }
  await Promise.all(definitions.map(({ name, text }) => client.apply(`${collection}/${name}`, text)));
  await waitUntilServed(
    client,
    definitions.map(({ name }) => name),
  );
  writeFileAtomically({ path: done, text: key });
}

const collection = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

/** The API server serves a new kind with a delay. Until then some components end because the kind does not exist. */
async function waitUntilServed(client: KubernetesClient, names: readonly string[]): Promise<void> {
  for (const deadline = Date.now() + 60_000; ; ) {
    const served = await servedResources(client, new Set(names.map(groupOf)));
    const missing = names.filter((name) => !served.has(name));
    if (missing.length === 0) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`the API server does not serve these kinds: ${missing.join(', ')}`);
    }
    await sleep(100);
  }
}

/** The API group in a definition's name `plural.group`. */
function groupOf(name: string): string {
  return name.slice(name.indexOf('.') + 1);
}

/** Lists `plural.group` of the resources that the API server serves in these groups. Reads the discovery API, since the definitions have megabytes. */
async function servedResources(client: KubernetesClient, groups: ReadonlySet<string>): Promise<ReadonlySet<string>> {
  const { groups: known } = (await client.get<{
    readonly groups: readonly {
      readonly name: string;
      readonly versions: readonly { readonly groupVersion: string }[];
    }[];
  }>('/apis')) ?? { groups: [] };
  const lists = await Promise.all(
    known
      .filter(({ name }) => groups.has(name))
      .flatMap(({ name, versions }) =>
        versions.map(async ({ groupVersion }) => {
          const list = await client.get<{ readonly resources: readonly { readonly name: string }[] }>(
            `/apis/${groupVersion}`,
          );
          return (list?.resources ?? []).map((resource) => `${resource.name}.${name}`);
        }),
      ),
  );
  return new Set(lists.flat());
}
