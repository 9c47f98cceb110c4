import type { KubernetesObject } from '../kubernetes/apply';

/** The supported fields of a ServiceMonitor (https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor). */
export interface ServiceMonitor extends KubernetesObject {
  readonly spec: {
    readonly jobLabel?: string;
    readonly selector: Selector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly endpoints: readonly Endpoint[];
    readonly scrapeProtocols?: readonly string[];
    readonly fallbackScrapeProtocol?: string;
    readonly scrapeClassicHistograms?: boolean;
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

/** An entry of `relabel_configs`. */
export interface RelabelConfig {
  readonly source_labels?: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: 'keep' | 'drop' | 'replace';
}

/** An entry of `scrape_configs`. */
export interface ScrapeConfig {
  readonly job_name: string;
  readonly honor_labels: boolean;
  readonly scrape_interval?: string;
  readonly scrape_timeout?: string;
  readonly metrics_path: string;
  readonly scheme: string;
  readonly scrape_protocols?: readonly string[];
  readonly fallback_scrape_protocol?: string;
  readonly always_scrape_classic_histograms?: boolean;
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

const supportedSpecFields = new Set([
  'jobLabel',
  'selector',
  'namespaceSelector',
  'endpoints',
  'scrapeProtocols',
  'fallbackScrapeProtocol',
  'scrapeClassicHistograms',
]);
const supportedEndpointFields = new Set(['port', 'path', 'interval', 'scrapeTimeout', 'scheme', 'honorLabels']);

/**
 * Translates a ServiceMonitor as Prometheus Operator does, with discovery by EndpointSlice: the labels namespace, service, pod, container, endpoint
 * and job have the same meaning (pkg/prometheus/promcfg.go, generateServiceMonitorConfig). Rejects a field that is not supported: without it,
 * Prometheus would scrape other targets than with the operator.
 */
export function scrapeConfigs(monitor: ServiceMonitor, kubeconfig: string): Translation {
  const { name, namespace = 'default' } = monitor.metadata;
  const unsupported = [
    ...Object.keys(monitor.spec)
      .filter((field) => !supportedSpecFields.has(field))
      .map((field) => `spec.${field}`),
    ...monitor.spec.endpoints.flatMap((endpoint, index) =>
      Object.keys(endpoint)
        .filter((field) => !supportedEndpointFields.has(field))
        .map((field) => `spec.endpoints[${index}].${field}`),
    ),
  ];
  if (unsupported.length > 0) {
    return {
      ok: false,
      reason: `ServiceMonitor ${namespace}/${name} has ${unsupported.join(', ')}, which the lab does not support`,
    };
  }
  const names = namespacesOf(monitor);
  return {
    ok: true,
    configs: monitor.spec.endpoints.map((endpoint, index) => ({
      job_name: `serviceMonitor/${namespace}/${name}/${index}`,
      honor_labels: endpoint.honorLabels ?? false,
      scrape_interval: endpoint.interval,
      scrape_timeout: endpoint.scrapeTimeout,
      metrics_path: endpoint.path ?? '/metrics',
      scheme: endpoint.scheme ?? 'http',
      ...expositionForm(monitor),
      kubernetes_sd_configs: [
        {
          role: 'endpointslice',
          kubeconfig_file: kubeconfig,
          namespaces: names === undefined ? undefined : { names },
        },
      ],
      relabel_configs: [
        ...selectorRules(monitor.spec.selector),
        ...portRules(endpoint),
        ...targetLabelRules(monitor, endpoint),
      ],
    })),
  };
}

/** The forms in which Prometheus asks for metrics (addScrapeProtocols and addNativeHistogramConfig in promcfg.go, for Prometheus 3). */
function expositionForm({ spec }: ServiceMonitor) {
  const { scrapeProtocols, fallbackScrapeProtocol, scrapeClassicHistograms } = spec;
  return {
    ...(scrapeProtocols === undefined ? {} : { scrape_protocols: scrapeProtocols }),
    ...(fallbackScrapeProtocol === undefined ? {} : { fallback_scrape_protocol: fallbackScrapeProtocol }),
    ...(scrapeClassicHistograms === undefined ? {} : { always_scrape_classic_histograms: scrapeClassicHistograms }),
  };
}

function namespacesOf({ metadata, spec }: ServiceMonitor): readonly string[] | undefined {
  if (spec.namespaceSelector?.any === true) {
    return undefined;
  }
  const names = spec.namespaceSelector?.matchNames ?? [];
  return names.length > 0 ? names : [metadata.namespace ?? 'default'];
}

function selectorRules({ matchLabels = {}, matchExpressions = [] }: Selector): readonly RelabelConfig[] {
  const equal = Object.entries(matchLabels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => labelRule(key, 'keep', `(${escapeRegex(value)});true`));
  return [...equal, ...matchExpressions.map(expressionRule)];
}

function expressionRule({ key, operator, values = [] }: Expression): RelabelConfig {
  const anyValue = `(${values.map(escapeRegex).join('|')});true`;
  const present = `__meta_kubernetes_service_labelpresent_${metaLabelName(key)}`;
  switch (operator) {
    case 'In':
      return labelRule(key, 'keep', anyValue);
    case 'NotIn':
      return labelRule(key, 'drop', anyValue);
    case 'Exists':
      return { action: 'keep', source_labels: [present], regex: 'true' };
    case 'DoesNotExist':
      return { action: 'drop', source_labels: [present], regex: 'true' };
  }
}

/** An empty label is not the same as a missing label, so the rule tests the value and the presence. */
function labelRule(key: string, action: 'keep' | 'drop', regex: string): RelabelConfig {
  const name = metaLabelName(key);
  return {
    action,
    source_labels: [`__meta_kubernetes_service_label_${name}`, `__meta_kubernetes_service_labelpresent_${name}`],
    regex,
  };
}

function portRules({ port }: Endpoint): readonly RelabelConfig[] {
  return port === undefined
    ? []
    : [{ action: 'keep', source_labels: ['__meta_kubernetes_endpointslice_port_name'], regex: escapeRegex(port) }];
}

function targetLabelRules({ spec }: ServiceMonitor, { port }: Endpoint): readonly RelabelConfig[] {
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
            source_labels: [`__meta_kubernetes_service_label_${metaLabelName(spec.jobLabel)}`],
            regex: '(.+)',
            target_label: 'job',
          },
        ]),
    ...(port === undefined ? [] : [{ target_label: 'endpoint', replacement: port }]),
  ];
}

/** The name of a Kubernetes label in Prometheus' meta labels. */
export function metaLabelName(label: string): string {
  return label.replace(/[^a-zA-Z0-9_]/g, '_');
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
