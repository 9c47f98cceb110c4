import { existsSync } from 'node:fs';
import { toolPath } from '../../lib/tools';
import { kubeconfigPath } from '../cluster/keys';
import { requiredVersion } from '../go-modules';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';
import type { ScrapeConfig } from './scrape-configs';

/** Paths of the scrape configuration and of the rules. The component `monitors` writes both. */
export function prometheusFiles(layout: Layout) {
  return {
    configuration: within(layout, 'prometheus', 'prometheus.yml'),
    rules: within(layout, 'prometheus', 'rules'),
  };
}

export function prometheusUrl(layout: Layout): string {
  return `http://${layout.node.address}:${layout.ports.prometheus}`;
}

export function prometheus(layout: Layout): Server {
  return {
    kind: 'server',
    name: 'prometheus',
    version: requiredVersion('prometheus', 'github.com/prometheus/prometheus'),
    needs: ['kube-apiserver', 'monitors'],
    program: toolPath('prometheus'),
    arguments: [
      `--config.file=${prometheusFiles(layout).configuration}`,
      `--storage.tsdb.path=${within(layout, 'prometheus', 'data')}`,
      '--storage.tsdb.retention.time=6h',
      `--web.listen-address=${layout.node.address}:${layout.ports.prometheus}`,
      '--web.enable-lifecycle',
      '--log.level=info',
    ],
    ready: { kind: 'http', url: `${prometheusUrl(layout)}/-/ready` },
    deadlineSeconds: 60,
    graceSeconds: 3,
  };
}

/** The complete configuration; `scrapes` come from ServiceMonitors. JSON is valid YAML. */
export function prometheusConfiguration(layout: Layout, scrapes: readonly ScrapeConfig[]): string {
  const platformJob = (job: string, port: number) => ({
    job_name: job,
    scrape_interval: '5s',
    static_configs: [{ targets: [`127.0.0.1:${port}`] }],
  });
  return `${JSON.stringify(
    {
      // lib/rollout computes with this evaluation interval (ruleEvaluationSeconds).
      global: { scrape_interval: '15s', evaluation_interval: '5s' },
      rule_files: [`${prometheusFiles(layout).rules}/*.yml`],
      alerting: {
        alertmanagers: [{ static_configs: [{ targets: [`${layout.node.address}:${layout.ports.alertmanager}`] }] }],
      },
      scrape_configs: [
        platformJob('flagger', layout.ports.flagger),
        platformJob('argocd-application-controller', layout.ports.argoMetrics),
        platformJob('contour', layout.ports.contourMetrics),
        ...scrapes,
      ],
    },
    undefined,
    1,
  )}\n`;
}

/** Replaces Prometheus Operator: writes ServiceMonitors and PrometheusRules of the cluster to the files of Prometheus. */
export function monitors(layout: Layout, serve: readonly string[]): Server {
  return {
    kind: 'server',
    name: 'monitors',
    version: 'own',
    needs: ['definitions'],
    program: process.execPath,
    arguments: [...serve, 'monitors', layout.state, kubeconfigPath(layout, 'admin')],
    ready: { kind: 'check', passes: async () => existsSync(prometheusFiles(layout).configuration) },
    deadlineSeconds: 30,
    graceSeconds: 1,
  };
}
