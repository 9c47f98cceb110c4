import { posix } from 'node:path';
import { ConfigMap as PlusConfigMap, Volume } from 'cdk8s-plus-27';
import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { canonicalJson, digestOf, hexOf } from '../../lib/values';
import { syncOptions } from '../argocd/sync-options';
import { SyncWave } from '../argocd/sync-wave';
import { configTracking } from '../flagger/annotations';
import { ConfigMap } from '../kubernetes/hardened/config-map';
import type { Deployment } from '../kubernetes/hardened/deployment';
import { serviceMetadata } from './metadata';

/** A configuration file with its key in the ConfigMap. */
interface ConfigFile {
  readonly path: string;
  readonly key: string;
  readonly content: string;
}

/**
 * The ConfigMap with the configuration files of a service. Its name contains a hash of the files, and its content never changes. A changed file
 * therefore changes the pod template, which Flagger rolls out as a canary, and a rollback restores name and content.
 *
 * Argo CD keeps the ConfigMaps of earlier files: the primary mounts the previous one until the canary is promoted, and would not start without
 * it. Flagger makes no copies, because the content of a name cannot change.
 */
export function configFiles(scope: Construct, service: ServiceInEnvironment): ConfigMap {
  return new ConfigMap(scope, 'ConfigFiles', {
    metadata: serviceMetadata(service, SyncWave.prerequisites, {
      name: configFilesName(service),
      annotations: { ...syncOptions.keepEarlier, ...configTracking.disabled },
    }),
    data: Object.fromEntries(listFiles(service).map(({ key, content }) => [key, content])),
    immutable: true,
  });
}

/** Mounts each file at its path, read-only. Other files of its folder in the image stay visible. */
export function mountConfigFiles(deployment: Deployment, service: ServiceInEnvironment): void {
  const files = listFiles(service);
  if (files.length === 0) {
    return;
  }
  const configMap = PlusConfigMap.fromConfigMapName(deployment, 'ConfigFiles', configFilesName(service));
  const volume = Volume.fromConfigMap(deployment, 'ConfigFilesVolume', configMap, { name: 'config-files' });
  for (const { path, key } of files) {
    deployment.container.mount(path, volume, { subPath: key, readOnly: true });
  }
}

function configFilesName({ name, files = {} }: ServiceInEnvironment): string {
  return `${name}-files-${hexOf(digestOf(canonicalJson(files))).slice(0, 10)}`;
}

/** The files, sorted by path. Keys cannot contain "/", and two files may have the same name, so a number precedes it. */
function listFiles({ files = {} }: ServiceInEnvironment): readonly ConfigFile[] {
  return Object.keys(files)
    .sort()
    .map((path, index) => ({ path, key: `${index + 1}-${posix.basename(path)}`, content: files[path] as string }));
}
