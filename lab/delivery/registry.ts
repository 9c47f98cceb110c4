import { toolPath } from '../../lib/tools';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** The registry from which the cluster pulls. It is on loopback, where all clients accept plain HTTP. */
export function registry(layout: Layout, version: string): Server {
  const configuration = within(layout, 'config', 'registry.json');
  return {
    kind: 'server',
    name: 'registry',
    version,
    needs: [],
    program: toolPath('docker-registry'),
    arguments: ['serve', configuration],
    environment: { OTEL_TRACES_EXPORTER: 'none' },
    files: [{ path: configuration, text: registryConfiguration(layout) }],
    ready: { kind: 'http', url: `http://127.0.0.1:${layout.ports.registry}/v2/` },
    deadlineSeconds: 15,
    graceSeconds: 1,
  };
}

export function registryConfiguration(layout: Layout): string {
  return `${JSON.stringify({
    version: 0.1,
    log: { level: 'warn' },
    storage: { filesystem: { rootdirectory: within(layout, 'registry') }, delete: { enabled: true } },
    http: { addr: `127.0.0.1:${layout.ports.registry}` },
  })}\n`;
}
