import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { kubeconfigPath } from '../cluster/keys';
import { requiredVersion } from '../go-modules';
import type { KubernetesObject } from '../kubernetes/apply';
import { type Layout, within } from '../layout';
import type { Server, Step } from '../run/component';

/** The default of `delivery.gateway` in the catalog. */
export const gateway = { name: 'public', namespace: 'gateway' } as const;

/** Contour adds this to the port of a listener (internal/gatewayapi/listeners.go). */
const portOffset = 8000;

/** The address for users. */
export function gatewayUrl(layout: Layout): string {
  return `http://${layout.node.address}:${layout.ports.gateway}`;
}

/** The objects that a platform team provides: GatewayClass, Gateway and its namespace. */
export function gatewayObjects(layout: Layout): readonly KubernetesObject[] {
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: gateway.namespace } },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'GatewayClass',
      metadata: { name: 'contour' },
      spec: { controllerName: 'projectcontour.io/gateway-controller' },
    },
    {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: gateway,
      spec: {
        gatewayClassName: 'contour',
        listeners: [
          {
            name: 'http',
            port: layout.ports.gateway - portOffset,
            protocol: 'HTTP',
            allowedRoutes: { namespaces: { from: 'All' } },
          },
        ],
      },
    },
  ] as readonly KubernetesObject[];
}

export function contour(layout: Layout): Server {
  const configuration = within(layout, 'config', 'contour.json');
  const { ports } = layout;
  return {
    kind: 'server',
    name: 'contour',
    version: requiredVersion('contour', 'github.com/projectcontour/contour'),
    needs: ['platform-objects'],
    program: toolPath('contour'),
    arguments: [
      'serve',
      `--kubeconfig=${kubeconfigPath(layout, 'admin')}`,
      `--config-path=${configuration}`,
      '--insecure',
      '--disable-leader-election',
      '--kubernetes-client-qps=100',
      '--kubernetes-client-burst=200',
      '--xds-address=127.0.0.1',
      `--xds-port=${ports.contourXds}`,
      '--http-address=127.0.0.1',
      `--http-port=${ports.contourMetrics}`,
      '--health-address=127.0.0.1',
      `--health-port=${ports.contourHealth}`,
      '--debug-http-address=127.0.0.1',
      `--debug-http-port=${ports.contourDebug}`,
      `--envoy-service-http-address=${layout.node.address}`,
      `--envoy-service-https-address=${layout.node.address}`,
      '--stats-address=127.0.0.1',
      `--stats-port=${ports.envoyMetrics}`,
    ],
    files: [{ path: configuration, text: contourConfiguration(layout) }],
    ready: { kind: 'http', url: `http://127.0.0.1:${ports.contourHealth}/healthz` },
    deadlineSeconds: 60,
    graceSeconds: 1,
  };
}

export function contourConfiguration(layout: Layout): string {
  return `${JSON.stringify({
    gateway: { gatewayRef: gateway },
    'accesslog-level': 'disabled',
    network: { 'admin-port': layout.ports.envoyAdmin },
  })}\n`;
}

/** Contour renders the bootstrap configuration of Envoy. */
export function envoyBootstrap(layout: Layout): Step {
  return {
    kind: 'step',
    name: 'envoy-bootstrap',
    version: requiredVersion('contour', 'github.com/projectcontour/contour'),
    needs: [],
    deadlineSeconds: 30,
    run: async () => {
      mkdirSync(dirname(envoyConfiguration(layout)), { recursive: true });
      await mustRun({
        program: toolPath('contour'),
        arguments: [
          'bootstrap',
          `--admin-address=${within(layout, 'envoy-admin.sock')}`,
          '--xds-address=127.0.0.1',
          `--xds-port=${layout.ports.contourXds}`,
          envoyConfiguration(layout),
        ],
        timeoutSeconds: 30,
      });
    },
  };
}

function envoyConfiguration(layout: Layout): string {
  return within(layout, 'config', 'envoy.json');
}

export function envoy(layout: Layout, version: string): Server {
  return {
    kind: 'server',
    name: 'envoy',
    version,
    needs: ['contour', 'envoy-bootstrap'],
    program: toolPath('envoy'),
    arguments: [
      '--config-path',
      envoyConfiguration(layout),
      '--service-cluster',
      'bowline-lab',
      '--service-node',
      'lab',
      '--concurrency',
      '1',
      '--disable-hot-restart',
      '--log-level',
      'warning',
    ],
    // Envoy has no listener before the first route. The statistics port is ready once Envoy has its configuration from Contour.
    ready: { kind: 'http', url: `http://127.0.0.1:${layout.ports.envoyMetrics}/ready` },
    deadlineSeconds: 60,
    graceSeconds: 1,
  };
}
