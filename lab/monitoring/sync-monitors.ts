import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from '../kubernetes/apply';
import { KubernetesClient } from '../kubernetes/client';
import { follow } from '../kubernetes/watch-collection';
import { layoutOf } from '../layout';
import { writeRendered } from '../run/supervisor';
import { prometheusConfiguration, prometheusFiles, prometheusUrl } from './prometheus';
import { type ServiceMonitor, scrapeConfigs } from './scrape-configs';

interface PrometheusRule extends KubernetesObject {
  readonly spec: { readonly groups: readonly unknown[] };
}

/** Files that Prometheus reads, and what could not be translated. */
export interface MonitoringFiles {
  readonly configuration: string;
  /** Name of a rule file → its text. */
  readonly rules: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
}

/** All of Prometheus' files from all objects of the cluster; the order of the objects changes nothing. */
export function monitoringFiles(
  state: string,
  kubeconfig: string,
  monitors: readonly ServiceMonitor[],
  rules: readonly PrometheusRule[],
): MonitoringFiles {
  const translated = [...monitors].sort(byName).map((monitor) => scrapeConfigs(monitor, kubeconfig));
  return {
    configuration: prometheusConfiguration(
      layoutOf(state),
      translated.flatMap((result) => (result.ok ? result.configs : [])),
    ),
    rules: new Map(
      [...rules]
        .sort(byName)
        .map(({ metadata, spec }) => [
          `${metadata.namespace ?? 'default'}-${metadata.name}.yml`,
          `${JSON.stringify({ groups: spec.groups }, undefined, 1)}\n`,
        ]),
    ),
    problems: translated.flatMap((result) => (result.ok ? [] : [result.reason])),
  };
}

function byName(a: KubernetesObject, b: KubernetesObject): number {
  const key = ({ metadata }: KubernetesObject) => `${metadata.namespace ?? ''}/${metadata.name}`;
  return key(a) < key(b) ? -1 : 1;
}

/** Keeps Prometheus' files as the cluster's objects say, until it is ended. Stands in for Prometheus Operator. */
export async function watchMonitors(state: string, kubeconfig: string): Promise<never> {
  const client = KubernetesClient.fromKubeconfig(kubeconfig);
  const monitors = new Map<string, ServiceMonitor>();
  const rules = new Map<string, PrometheusRule>();
  let written = '';
  let changed = true;
  let complete = 0;
  const keep = <T extends KubernetesObject>(plural: string, objects: Map<string, T>) => {
    let first = true;
    const options = { signal: new AbortController().signal, onTrouble: say };
    void follow<T>(client, `/apis/monitoring.coreos.com/v1/${plural}`, options, (change) => {
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
      changed = true;
      complete += first ? 1 : 0;
      first = false;
    });
  };
  keep('servicemonitors', monitors);
  keep('prometheusrules', rules);
  for (;;) {
    await sleep(150);
    if (!changed || complete < 2) {
      continue;
    }
    changed = false;
    const files = monitoringFiles(state, kubeconfig, [...monitors.values()], [...rules.values()]);
    const text = JSON.stringify([files.configuration, [...files.rules], files.problems]);
    if (text === written) {
      continue;
    }
    files.problems.forEach(say);
    write(state, files);
    say(`${monitors.size} ServiceMonitors, ${rules.size} PrometheusRules`);
    // Prometheus that isn't there yet reads the files when it starts; one that says no is asked again.
    if (await reload(state)) {
      written = text;
    } else {
      changed = true;
      await sleep(1000);
    }
  }
}

function write(state: string, files: MonitoringFiles): void {
  const paths = prometheusFiles(layoutOf(state));
  mkdirSync(paths.rules, { recursive: true });
  for (const [name, text] of files.rules) {
    writeRendered({ path: join(paths.rules, name), text });
  }
  for (const name of readdirSync(paths.rules)) {
    if (!files.rules.has(name)) {
      rmSync(join(paths.rules, name));
    }
  }
  writeRendered({ path: paths.configuration, text: files.configuration });
}

async function reload(state: string): Promise<boolean> {
  try {
    const url = `${prometheusUrl(layoutOf(state))}/-/reload`;
    const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(5000) });
    const text = await response.text();
    if (!response.ok) {
      say(`Prometheus does not take the configuration: ${text.trim()}`);
    }
    return response.ok;
  } catch {
    return false;
  }
}

function keyOf({ metadata }: KubernetesObject): string {
  return `${metadata.namespace ?? 'default'}/${metadata.name}`;
}

function say(line: string): void {
  process.stdout.write(`${new Date().toISOString()} ${line}\n`);
}
