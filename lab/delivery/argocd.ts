import { chmodSync, cpSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { toolPath } from '../../lib/tools';
import { kubeconfigPath } from '../cluster/keys';
import { authorityPath } from '../git/repositories';
import { cachePinnedFiles, requiredVersion } from '../go-modules';
import type { KubernetesObject } from '../kubernetes/apply';
import { type Layout, within } from '../layout';
import type { Server, Step } from '../run/component';

const argocd = 'github.com/argoproj/argo-cd/v3';

/** The namespace that Argo CD watches; the catalog's default. */
export const argocdNamespace = 'argocd';

/** The objects of a core installation. No user logs in, so the session key can be any value. */
export function argocdObjects(): readonly KubernetesObject[] {
  const metadata = (name: string) => ({
    name,
    namespace: argocdNamespace,
    labels: { 'app.kubernetes.io/part-of': 'argocd', 'app.kubernetes.io/name': name },
  });
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: argocdNamespace } },
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: metadata('argocd-cm'),
      data: { 'timeout.reconciliation': '60s', 'application.resourceTrackingMethod': 'annotation' },
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('argocd-rbac-cm') },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: metadata('argocd-secret'),
      stringData: { 'server.secretkey': 'nobody-logs-in-here' },
    },
  ] as readonly KubernetesObject[];
}

/** Creates the directories and programs that Argo CD expects at fixed paths of its image. */
export function argocdHome(layout: Layout): Step {
  return {
    kind: 'step',
    name: 'argocd-home',
    version: requiredVersion('argocd', argocd),
    needs: ['keys'],
    deadlineSeconds: 60,
    run: async () => {
      for (const folder of ['tls', 'ssh', 'gpg-source', 'gpg', 'plugins', 'tmp', 'home', 'bin']) {
        mkdirSync(home(layout, folder), { recursive: true, mode: folder === 'gpg' ? 0o700 : 0o755 });
      }
      // Laid out as the ConfigMap argocd-tls-certs-cm is mounted: one file per host, with the CA of its certificate.
      cpSync(authorityPath(layout), home(layout, 'tls', layout.node.address));
      const scripts = ['git-verify-wrapper.sh', 'gpg-wrapper.sh'];
      const sources = await cachePinnedFiles(
        'argocd',
        argocd,
        scripts.map((script) => `hack/${script}`),
      );
      for (const script of scripts) {
        // Go modules do not preserve the executable bit.
        cpSync(join(sources, 'hack', script), home(layout, 'bin', script));
        chmodSync(home(layout, 'bin', script), 0o755);
      }
      for (const name of ['argocd', 'argocd-git-ask-pass']) {
        rmSync(home(layout, 'bin', name), { force: true });
        symlinkSync(toolPath('argocd-core'), home(layout, 'bin', name));
      }
    },
  };
}

/** An in-memory Redis on loopback. */
export function redis(layout: Layout): Server {
  const address = `127.0.0.1:${layout.ports.redis}`;
  return {
    kind: 'server',
    name: 'redis',
    version: requiredVersion('redis', 'github.com/alicebob/miniredis/v2'),
    needs: [],
    program: toolPath('redis'),
    arguments: [address],
    ready: { kind: 'port', host: '127.0.0.1', port: layout.ports.redis },
    deadlineSeconds: 10,
    graceSeconds: 1,
  };
}

export function repositoryServer(layout: Layout): Server {
  const { ports } = layout;
  return {
    kind: 'server',
    name: 'argocd-repo-server',
    version: requiredVersion('argocd', argocd),
    needs: ['redis', 'argocd-home', 'platform-objects'],
    program: toolPath('argocd-core'),
    arguments: [
      '--address=127.0.0.1',
      `--port=${ports.repoServer}`,
      '--metrics-address=127.0.0.1',
      `--metrics-port=${ports.repoServerMetrics}`,
      `--redis=127.0.0.1:${ports.redis}`,
      '--disable-tls',
      '--client-ca-path=',
      '--loglevel=info',
      '--logformat=text',
    ],
    environment: { ...environment(layout), ARGOCD_BINARY_NAME: 'argocd-repo-server' },
    ready: { kind: 'http', url: `http://127.0.0.1:${ports.repoServerMetrics}/healthz?full=true` },
    deadlineSeconds: 60,
    graceSeconds: 2,
  };
}

export function applicationController(layout: Layout): Server {
  const { ports } = layout;
  return {
    kind: 'server',
    name: 'argocd-application-controller',
    version: requiredVersion('argocd', argocd),
    needs: ['argocd-repo-server', 'git'],
    program: toolPath('argocd-core'),
    arguments: [
      `--namespace=${argocdNamespace}`,
      `--redis=127.0.0.1:${ports.redis}`,
      `--repo-server=127.0.0.1:${ports.repoServer}`,
      '--repo-server-plaintext',
      `--metrics-port=${ports.argoMetrics}`,
      '--app-resync=60',
      '--app-resync-jitter=0',
      '--status-processors=4',
      '--operation-processors=4',
      '--loglevel=info',
      '--logformat=text',
    ],
    // The controller reads its shard number from the end of the host name.
    environment: {
      ...environment(layout),
      ARGOCD_BINARY_NAME: 'argocd-application-controller',
      HOSTNAME: 'argocd-application-controller-0',
    },
    ready: { kind: 'http', url: `http://127.0.0.1:${ports.argoMetrics}/healthz` },
    deadlineSeconds: 60,
    graceSeconds: 2,
  };
}

function home(layout: Layout, ...parts: readonly string[]): string {
  return within(layout, 'argocd', ...parts);
}

function environment(layout: Layout): Readonly<Record<string, string>> {
  return {
    KUBECONFIG: kubeconfigPath(layout, 'admin'),
    // Argo CD then uses the cluster of the kubeconfig as https://kubernetes.default.svc, as if it ran in a pod.
    ARGOCD_FAKE_IN_CLUSTER: 'true',
    HOME: home(layout, 'home'),
    TMPDIR: home(layout, 'tmp'),
    PATH: `${home(layout, 'bin')}:${process.env.PATH ?? ''}`,
    ARGOCD_TLS_DATA_PATH: home(layout, 'tls'),
    ARGOCD_SSH_DATA_PATH: home(layout, 'ssh'),
    ARGOCD_GPG_DATA_PATH: home(layout, 'gpg-source'),
    ARGOCD_GNUPGHOME: home(layout, 'gpg'),
    ARGOCD_GPG_ENABLED: 'false',
    ARGOCD_PLUGINSOCKFILEPATH: home(layout, 'plugins'),
  };
}
