import type { KubernetesObject } from '../kubernetes/apply';

/** Of a ServiceMonitor, what is understood here (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor). */
export interface ServiceMonitor extends KubernetesObject {
  readonly spec: {
    readonly jobLabel?: string;
    readonly selector: Selector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly endpoints: readonly Endpoint[];
    readonly [other: string]: unknown;
  };
}

interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Expression[];
}

interface Expression {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

interface Endpoint {
  readonly port?: string;
  readonly path?: string;
  readonly interval?: string;
  readonly scrapeTimeout?: string;
  readonly scheme?: string;
  readonly honorLabels?: boolean;
  readonly [other: string]: unknown;
}

/** One entry of Prometheus' relabel_configs. */
export interface RelabelConfig {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'keep' | 'drop' | 'replace';
}

/** One entry of Prometheus' scrape_configs. */
export interface ScrapeConfig {
  readonly job_name: string;
  readonly honor_labels: boolean;
  readonly scrape_interval?: string;
  readonly scrape_timeout?: string;
  readonly metrics_path: string;
  readonly scheme: string;
  readonly kubernetes_sd_configs: readonly [
    {
      readonly role: 'endpointslice';
      readonly kubeconfig_file: string;
      readonly namespaces?: { readonly names: readonly string[] };
    },
  ];
  readonly relabel_configs: readonly RelabelConfig[];
}

export type Translation =
  | { readonly ok: true; readonly configs: readonly ScrapeConfig[] }
  | { readonly ok: false; readonly reason: string };

const knownSpec = new Set(['jobLabel', 'selector', 'namespaceSelector', 'endpoints']);
const knownEndpoint = new Set(['port', 'path', 'interval', 'scrapeTimeout', 'scheme', 'honorLabels']);

/**
 * What Prometheus Operator makes of a ServiceMonitor, discovery by endpointslices: the labels namespace, service, pod, container, endpoint
 * and job mean what they mean there (pkg/prometheus/promcfg.go, generateServiceMonitorConfig). A field that is not understood is refused,
 * since leaving it out would scrape something else than the operator does.
 */
export function scrapeConfigs(monitor: ServiceMonitor, kubeconfig: string): Translation {
  const { name, namespace = 'default' } = monitor.metadata;
  const unknown = [
    ...Object.keys(monitor.spec)
      .filter((field) => !knownSpec.has(field))
      .map((field) => `spec.${field}`),
    ...monitor.spec.endpoints.flatMap((endpoint, index) =>
      Object.keys(endpoint)
        .filter((field) => !knownEndpoint.has(field))
        .map((field) => `spec.endpoints[${index}].${field}`),
    ),
  ];
  if (unknown.length > 0) {
    return {
      ok: false,
      reason: `ServiceMonitor ${namespace}/${name} says ${unknown.join(', ')}, which the lab does not understand`,
    };
  }
  const names = namespacesOf(monitor);
  return {
    ok: true,
    configs: monitor.spec.endpoints.map((endpoint, index) => ({
      job_name: `serviceMonitor/${namespace}/${name}/${index}`,
      honor_labels: endpoint.honorLabels ?? false,
      ...(endpoint.interval === undefined ? {} : { scrape_interval: endpoint.interval }),
      ...(endpoint.scrapeTimeout === undefined ? {} : { scrape_timeout: endpoint.scrapeTimeout }),
      metrics_path: endpoint.path ?? '/metrics',
      scheme: endpoint.scheme ?? 'http',
      kubernetes_sd_configs: [
        {
          role: 'endpointslice',
          kubeconfig_file: kubeconfig,
          ...(names === undefined ? {} : { namespaces: { names } }),
        },
      ],
      relabel_configs: [
        ...selection(monitor.spec.selector),
        ...portSelection(endpoint),
        ...targetLabels(monitor, endpoint),
      ],
    })),
  };
}

function namespacesOf({ metadata, spec }: ServiceMonitor): readonly string[] | undefined {
  if (spec.namespaceSelector?.any === true) {
    return undefined;
  }
  const names = spec.namespaceSelector?.matchNames ?? [];
  return names.length > 0 ? names : [metadata.namespace ?? 'default'];
}

function selection({ matchLabels = {}, matchExpressions = [] }: Selector): readonly RelabelConfig[] {
  const equal = Object.entries(matchLabels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => labelRule(key, 'keep', `(${quoted(value)});true`));
  return [...equal, ...matchExpressions.map(expressionRule)];
}

function expressionRule({ key, operator, values = [] }: Expression): RelabelConfig {
  const any = `(${values.map(quoted).join('|')});true`;
  const present = `__meta_kubernetes_service_labelpresent_${metaName(key)}`;
  switch (operator) {
    case 'In':
      return labelRule(key, 'keep', any);
    case 'NotIn':
      return labelRule(key, 'drop', any);
    case 'Exists':
      return { action: 'keep', source_labels: [present], regex: 'true' };
    case 'DoesNotExist':
      return { action: 'drop', source_labels: [present], regex: 'true' };
  }
}

/** A label that is there and empty is another thing than one that isn't there: both are looked at. */
function labelRule(key: string, action: 'keep' | 'drop', regex: string): RelabelConfig {
  const name = metaName(key);
  return {
    action,
    source_labels: [`__meta_kubernetes_service_label_${name}`, `__meta_kubernetes_service_labelpresent_${name}`],
    regex,
  };
}

function portSelection({ port }: Endpoint): readonly RelabelConfig[] {
  return port === undefined
    ? []
    : [{ action: 'keep', source_labels: ['__meta_kubernetes_endpointslice_port_name'], regex: quoted(port) }];
}

function targetLabels({ spec }: ServiceMonitor, { port }: Endpoint): readonly RelabelConfig[] {
  const copy = (source: string, target: string): RelabelConfig => ({ source_labels: [source], target_label: target });
  return [
    {
      source_labels: [
        '__meta_kubernetes_endpointslice_address_target_kind',
        '__meta_kubernetes_endpointslice_address_target_name',
      ],
      separator: ';',
      regex: 'Node;(.*)',
      target_label: 'node',
    },
    {
      source_labels: [
        '__meta_kubernetes_endpointslice_address_target_kind',
        '__meta_kubernetes_endpointslice_address_target_name',
      ],
      separator: ';',
      regex: 'Pod;(.*)',
      target_label: 'pod',
    },
    copy('__meta_kubernetes_namespace', 'namespace'),
    copy('__meta_kubernetes_service_name', 'service'),
    copy('__meta_kubernetes_pod_name', 'pod'),
    copy('__meta_kubernetes_pod_container_name', 'container'),
    { action: 'drop', source_labels: ['__meta_kubernetes_pod_phase'], regex: '(Failed|Succeeded)' },
    copy('__meta_kubernetes_service_name', 'job'),
    ...(spec.jobLabel === undefined
      ? []
      : [
          {
            source_labels: [`__meta_kubernetes_service_label_${metaName(spec.jobLabel)}`],
            regex: '(.+)',
            target_label: 'job',
          },
        ]),
    ...(port === undefined ? [] : [{ target_label: 'endpoint', replacement: port }]),
  ];
}

/** As Prometheus writes the name of a Kubernetes label into a label of its own. */
export function metaName(label: string): string {
  return label.replace(/[^a-zA-Z0-9_]/g, '_');
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
