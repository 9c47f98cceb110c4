import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '../kubernetes/apply';
import { KubernetesClient } from '../kubernetes/client';
import { watchCollection } from '../kubernetes/watch-collection';
import { layoutOf } from '../layout';
import { writeFileAtomically } from '../machine/write-file';
import { prometheusConfiguration, prometheusFiles, prometheusUrl } from './prometheus';
import { type ServiceMonitor, scrapeConfigs } from './scrape-configs';

interface PrometheusRule extends KubernetesObject {
  readonly spec: { readonly groups: readonly unknown[] };
}

/** The files of Prometheus, and the objects that could not be translated. */
export interface MonitoringFiles {
  readonly configuration: string;
  /** File name → content. */
  readonly rules: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** Keeps the files of Prometheus in sync with the ServiceMonitors and PrometheusRules of the cluster. Replaces Prometheus Operator; never returns. */
export async function syncMonitors(state: string, kubeconfig: string): Promise<never> {
  const client = KubernetesClient.fromKubeconfig(kubeconfig);
  const monitors = new Map<string, ServiceMonitor>();
  const rules = new Map<string, PrometheusRule>();
  const listed = new Set<string>();
  let written = '';
  let hasChanged = true;
  const watch = <T extends KubernetesObject>(plural: string, objects: Map<string, T>) => {
    void watchCollection<T>({
      client,
      path: `/apis/monitoring.coreos.com/v1/${plural}`,
      signal: new AbortController().signal,
      onInterruption: log,
      onChange: (change) => {
        if (change.kind === 'all') {
          objects.clear();
        }
        for (const object of change.kind === 'all' ? change.objects : [change.object]) {
          if (change.kind === 'deleted') {
            objects.delete(keyOf(object));
          } else {
            objects.set(keyOf(object), object);
          }
        }
        hasChanged = true;
        listed.add(plural);
      },
    });
  };
  watch('servicemonitors', monitors);
  watch('prometheusrules', rules);
  for (;;) {
    await sleep(150);
    if (!hasChanged || listed.size < 2) {
      continue;
    }
    hasChanged = false;
    const files = monitoringFiles({ state, kubeconfig, monitors: [...monitors.values()], rules: [...rules.values()] });
    const text = JSON.stringify([files.configuration, [...files.rules], files.problems]);
    if (text === written) {
      continue;
    }
    files.problems.forEach(log);
    writeFiles(state, files);
    log(`${monitors.size} ServiceMonitors, ${rules.size} PrometheusRules`);
    // If Prometheus does not run yet, it reads the files when it starts. If it rejects the files, try again.
    if (await reload(state)) {
      written = text;
    } else {
      hasChanged = true;
      await sleep(1000);
    }
  }
}

/** Renders the files of Prometheus. The result does not depend on the order of the objects. */
export function monitoringFiles(input: {
  readonly state: string;
  readonly kubeconfig: string;
  readonly monitors: readonly ServiceMonitor[];
  readonly rules: readonly PrometheusRule[];
}): MonitoringFiles {
  const translations = [...input.monitors]
    .sort(compareByName)
    .map((monitor) => scrapeConfigs(monitor, input.kubeconfig));
  const configs = translations.flatMap((translation) => (translation.ok ? translation.configs : []));
  const rules = new Map<string, string>();
  for (const { metadata, spec } of [...input.rules].sort(compareByName)) {
    const name = `${metadata.namespace ?? 'default'}-${metadata.name}.yml`;
    rules.set(name, `${JSON.stringify({ groups: spec.groups }, undefined, 1)}\n`);
  }
  return {
    configuration: prometheusConfiguration(layoutOf(input.state), configs),
    rules,
    problems: translations.flatMap((translation) => (translation.ok ? [] : [translation.reason])),
  };
}

function compareByName(a: KubernetesObject, b: KubernetesObject): number {
  const key = ({ metadata }: KubernetesObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

function writeFiles(state: string, files: MonitoringFiles): void {
  const paths = prometheusFiles(layoutOf(state));
  mkdirSync(paths.rules, { recursive: true });
  for (const [name, text] of files.rules) {
    writeFileAtomically({ path: join(paths.rules, name), text });
  }
  for (const name of readdirSync(paths.rules)) {
    if (!files.rules.has(name)) {
      rmSync(join(paths.rules, name));
    }
  }
  writeFileAtomically({ path: paths.configuration, text: files.configuration });
}

async function reload(state: string): Promise<boolean> {
  try {
    const url = `${prometheusUrl(layoutOf(state))}/-/reload`;
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    if (!response.ok) {
      log(`Prometheus rejects the configuration: ${text.trim()}`);
    }
    return response.ok;
  } catch {
    return false;
  }
}

function log(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}
