import { toolPath } from '../../lib/tools';
import { kubeconfigPath } from '../cluster/keys';
import { requiredVersion } from '../go-modules';
import type { Layout } from '../layout';
import { prometheusUrl } from '../monitoring/prometheus';
import type { Server } from '../run/component';

export function flagger(layout: Layout): Server {
  return {
    kind: 'server',
    name: 'flagger',
    version: requiredVersion('flagger', 'github.com/fluxcd/flagger'),
    needs: ['definitions', 'prometheus'],
    program: toolPath('flagger'),
    arguments: [
      `-kubeconfig=${kubeconfigPath(layout, 'admin')}`,
      '-mesh-provider=gatewayapi:v1',
      `-metrics-server=${prometheusUrl(layout)}`,
      `-port=${layout.ports.flagger}`,
      // Like the add-on (charts/platform/add-ons/flagger.ts).
      '-enable-config-tracking=false',
      '-log-level=info',
      // Scenarios read the log: one JSON object per line.
      '-zap-encoding=json',
    ],
    ready: { kind: 'http', url: `http://127.0.0.1:${layout.ports.flagger}/healthz` },
    deadlineSeconds: 60,
    graceSeconds: 2,
  };
}
