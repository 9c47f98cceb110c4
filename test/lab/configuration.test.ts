import { parse } from 'yaml';
import { alertmanagerConfiguration } from '../../charts/platform/add-ons/alertmanager';
import { kubeconfig, serverExtensions, tokensFile } from '../../lab/cluster/keys';
import { corefile, kubeletConfiguration, kubeProxyConfiguration } from '../../lab/cluster/node';
import { podNetwork, registryHost } from '../../lab/cluster/runtime';
import { contourConfiguration, gatewayObjects, gatewayUrl } from '../../lab/delivery/gateway';
import { registryConfiguration } from '../../lab/delivery/registry';
import { labCatalog } from '../../lab/lab-catalog';
import { layoutOf } from '../../lab/layout';
import { alertReceiverUrl } from '../../lab/monitoring/alert-receiver';
import { renderAlertmanagerFile } from '../../lab/monitoring/alertmanager';
import { prometheusConfiguration } from '../../lab/monitoring/prometheus';
import { environmentFile } from '../../lib/ledger';

const layout = layoutOf('/state/lab');
const wildcardAddress = /(?:^|[^0-9.])0\.0\.0\.0:|"\[?::\]?:/;

test.each([
  ['kubelet', kubeletConfiguration(layout)],
  ['kube-proxy', kubeProxyConfiguration(layout)],
  ['coredns', corefile(layout)],
  ['the registry', registryConfiguration(layout)],
  ['contour', contourConfiguration(layout)],
  ['prometheus', prometheusConfiguration(layout, [])],
])('%s listens only on loopback and the lab’s bridge', (_, text) => {
  expect(text).not.toMatch(wildcardAddress);
  for (const [address] of text.matchAll(/\b\d+\.\d+\.\d+\.\d+\b(?!\/)/g)) {
    expect(['127.0.0.1', layout.node.address]).toContain(address);
  }
});

test('kubelet keeps its pods in the lab’s control group, and its files in the state directory', () => {
  const configuration = parse(kubeletConfiguration(layout)) as Record<string, unknown>;
  expect(configuration.cgroupRoot).toBe('/bowline-lab');
  for (const key of ['podLogsDir', 'staticPodPath', 'volumePluginDir']) {
    expect(configuration[key]).toMatch(/^\/state\/lab\//);
  }
});

test('kubelet and kube-proxy do not change the machine’s limits', () => {
  expect(parse(kubeletConfiguration(layout))).toMatchObject({ oomScoreAdj: 0, makeIPTablesUtilChains: false });
  expect(parse(kubeProxyConfiguration(layout))).toMatchObject({
    oomScoreAdj: 0,
    conntrack: { maxPerCore: 0, min: 0 },
    iptables: { localhostNodePorts: false },
  });
});

test('the pod network does not masquerade: pods reach only each other and this machine', () => {
  expect(parse(podNetwork(layout))).toMatchObject({
    plugins: [{ type: 'bridge', bridge: 'bowline-pods', isGateway: true, ipMasq: false }],
  });
});

test('containerd pulls from the lab’s registry over plain HTTP', () => {
  expect(registryHost(layout)).toContain('server = "http://127.0.0.1:5520"');
});

test('the gateway’s URL has the port that Contour derives from the listener', () => {
  const gateway = gatewayObjects(layout).find(({ kind }) => kind === 'Gateway') as unknown as {
    readonly spec: { readonly listeners: readonly { readonly port: number }[] };
  };
  const port = new URL(gatewayUrl(layout)).port;
  expect(gateway.spec.listeners.map((listener) => String(listener.port + 8000))).toEqual([port]);
});

test('Alertmanager has the routes that publish renders for the environment, with webhooks of the lab’s alert receiver', () => {
  const [environment] = labCatalog().platform.environments;
  const rendered = alertmanagerConfiguration(
    environmentFile(labCatalog().platform, environment as NonNullable<typeof environment>),
  );
  const file = parse(renderAlertmanagerFile(labCatalog())) as {
    readonly receivers: readonly { readonly webhook_configs?: readonly { readonly url: string }[] }[];
  };
  expect(file).toEqual(rendered);
  const urls = file.receivers.flatMap(({ webhook_configs = [] }) => webhook_configs.map(({ url }) => url));
  expect(urls).toEqual(['alerts', 'page', 'ticket'].map((path) => `${alertReceiverUrl(layout)}/${path}`));
});

test('the certificate of the API server has all its names and addresses', () => {
  const text = serverExtensions(layout);
  for (const name of ['DNS:kubernetes.default.svc', `IP:${layout.node.address}`, `IP:${layout.services.api}`]) {
    expect(text).toContain(name);
  }
});

test('renders the token file with groups in quotes', () => {
  expect(tokensFile([{ token: 't', user: 'system:node:lab', groups: 'system:nodes' }])).toBe(
    't,system:node:lab,system:node:lab,"system:nodes"\n',
  );
});

test('a kubeconfig has the API server’s address on the bridge', () => {
  expect(parse(kubeconfig(layout, 'CA', 't'))).toMatchObject({
    clusters: [{ cluster: { server: 'https://10.200.0.1:6443', 'certificate-authority-data': 'Q0E=' } }],
    users: [{ user: { token: 't' } }],
  });
});
