import { metaLabelName, type ServiceMonitor, scrapeConfigs } from '../../../lab/monitoring/scrape-configs';

function monitor(spec: Partial<ServiceMonitor['spec']> = {}): ServiceMonitor {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: 'hello-canary', namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: 'hello-canary' } },
      endpoints: [{ port: 'http', path: '/metrics', interval: '5s', scrapeTimeout: '4s' }],
      ...spec,
    },
  };
}

function translateOne(value: ServiceMonitor) {
  const translation = scrapeConfigs(value, '/kubeconfig');
  if (!translation.ok || translation.configs[0] === undefined) {
    throw new Error('no scrape config');
  }
  return translation.configs[0];
}

test('translates a ServiceMonitor as Prometheus Operator does', () => {
  expect(translateOne(monitor())).toEqual({
    job_name: 'serviceMonitor/shop/hello-canary/0',
    honor_labels: false,
    scrape_interval: '5s',
    scrape_timeout: '4s',
    metrics_path: '/metrics',
    scheme: 'http',
    kubernetes_sd_configs: [{ role: 'endpointslice', kubeconfig_file: '/kubeconfig', namespaces: { names: ['shop'] } }],
    relabel_configs: expect.arrayContaining([
      {
        action: 'keep',
        source_labels: ['__meta_kubernetes_service_label_app', '__meta_kubernetes_service_labelpresent_app'],
        regex: '(hello-canary);true',
      },
      { action: 'keep', source_labels: ['__meta_kubernetes_endpointslice_port_name'], regex: 'http' },
      { source_labels: ['__meta_kubernetes_namespace'], target_label: 'namespace' },
      { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'pod' },
      { source_labels: ['__meta_kubernetes_service_name'], target_label: 'service' },
      { source_labels: ['__meta_kubernetes_service_name'], target_label: 'job' },
      { target_label: 'endpoint', replacement: 'http' },
    ]),
  });
});

test('the form in which metrics are meant is part of the translation', () => {
  const form = {
    scrapeProtocols: ['PrometheusProto', 'PrometheusText0.0.4'],
    fallbackScrapeProtocol: 'PrometheusText0.0.4',
    scrapeClassicHistograms: true,
  };
  expect(translateOne(monitor(form))).toMatchObject({
    scrape_protocols: ['PrometheusProto', 'PrometheusText0.0.4'],
    fallback_scrape_protocol: 'PrometheusText0.0.4',
    always_scrape_classic_histograms: true,
  });
});

test('jobLabel overrides the name of the Service only if the label exists', () => {
  const rules = translateOne(monitor({ jobLabel: 'app.kubernetes.io/name' })).relabel_configs.filter(
    ({ target_label }) => target_label === 'job',
  );
  expect(rules).toEqual([
    { source_labels: ['__meta_kubernetes_service_name'], target_label: 'job' },
    { source_labels: ['__meta_kubernetes_service_label_app_kubernetes_io_name'], regex: '(.+)', target_label: 'job' },
  ]);
});

test.each([
  ['its own, without a selector', undefined, ['shop']],
  ['the listed ones', { matchNames: ['a', 'b'] }, ['a', 'b']],
  ['all', { any: true }, undefined],
])('namespaces: %s', (_, namespaceSelector, names) => {
  expect(translateOne(monitor({ namespaceSelector })).kubernetes_sd_configs[0].namespaces?.names).toEqual(names);
});

test.each([
  ['In', ['a', 'b.c'], { action: 'keep', regex: '(a|b\\.c);true' }],
  ['NotIn', ['a'], { action: 'drop', regex: '(a);true' }],
  ['Exists', undefined, { action: 'keep', regex: 'true' }],
  ['DoesNotExist', undefined, { action: 'drop', regex: 'true' }],
] as const)('translates a label expression with %s', (operator, values, expected) => {
  const selector = { matchExpressions: [{ key: 'tier', operator, ...(values === undefined ? {} : { values }) }] };
  expect(translateOne(monitor({ selector })).relabel_configs[0]).toMatchObject(expected);
});

test.each([
  ['of the monitor', { targetLabels: ['team'] }, 'spec.targetLabels'],
  ['of an endpoint', { endpoints: [{ port: 'http', tlsConfig: {} }] }, 'spec.endpoints[0].tlsConfig'],
])('rejects an unsupported field %s, and names it', (_, spec, field) => {
  expect(scrapeConfigs(monitor(spec), '/kubeconfig')).toEqual({
    ok: false,
    reason: `ServiceMonitor shop/hello-canary has ${field}, which the lab does not support`,
  });
});

test('writes label names as Prometheus does', () => {
  expect(metaLabelName('app.kubernetes.io/part-of')).toBe('app_kubernetes_io_part_of');
});
