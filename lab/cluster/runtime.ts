import { dirname } from 'node:path';
import { run } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** The image of pod sandboxes. The lab imports it; it is in no registry. */
export const pauseImage = 'bowline.lab/pause:1';

export function containerd(layout: Layout, version: string): Server {
  const configuration = within(layout, 'config', 'containerd.toml');
  const mirror = within(layout, 'config', 'registries', `127.0.0.1:${layout.ports.registry}`, 'hosts.toml');
  return {
    kind: 'server',
    name: 'containerd',
    version,
    needs: ['network'],
    program: toolPath('containerd'),
    arguments: ['--config', configuration],
    // The directory of runc can be missing from PATH.
    environment: { PATH: `${process.env.PATH ?? ''}:${dirname(toolPath('runc'))}` },
    folders: [within(layout, 'cni')],
    files: [
      { path: configuration, text: containerdConfiguration(layout) },
      { path: within(layout, 'cni', '10-bowline.conflist'), text: podNetwork(layout) },
      { path: mirror, text: registryHost(layout) },
    ],
    ready: { kind: 'check', passes: () => isServing(layout) },
    deadlineSeconds: 30,
    graceSeconds: 5,
  };
}

export function containerdConfiguration(layout: Layout): string {
  const quoted = (...parts: readonly string[]) => JSON.stringify(within(layout, ...parts));
  return `version = 2
root = ${quoted('containerd')}
state = ${quoted('containerd-run')}
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.aufs"]
[grpc]
  address = ${JSON.stringify(layout.containerd)}
[ttrpc]
  address = ${JSON.stringify(`${layout.containerd}.ttrpc`)}
[plugins."io.containerd.internal.v1.opt"]
  path = ${quoted('containerd-opt')}
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = ${JSON.stringify(pauseImage)}
  restrict_oom_score_adj = true
  disable_apparmor = true
  netns_mounts_under_state_dir = true
  disable_hugetlb_controller = true
  tolerate_missing_hugetlb_controller = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
        BinaryName = ${JSON.stringify(toolPath('runc'))}
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = ${JSON.stringify(dirname(toolPath('cni-bridge')))}
    conf_dir = ${quoted('cni')}
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = ${quoted('config', 'registries')}
`;
}

/** Pods reach each other and this machine. Without masquerading they reach nothing else. */
export function podNetwork(layout: Layout): string {
  return `${JSON.stringify(
    {
      cniVersion: '0.4.0',
      name: 'bowline',
      plugins: [
        {
          type: 'bridge',
          bridge: layout.pods.bridge,
          isGateway: true,
          ipMasq: false,
          hairpinMode: true,
          ipam: {
            type: 'host-local',
            dataDir: within(layout, 'cni-addresses'),
            ranges: [[{ subnet: layout.pods.cidr }]],
            routes: [{ dst: '0.0.0.0/0' }],
          },
        },
      ],
    },
    undefined,
    2,
  )}\n`;
}

/** The lab's registry serves plain HTTP on loopback. */
export function registryHost(layout: Layout): string {
  const url = `http://127.0.0.1:${layout.ports.registry}`;
  return `server = "${url}"
[host."${url}"]
  capabilities = ["pull", "resolve"]
`;
}

async function isServing(layout: Layout): Promise<boolean> {
  const { exitCode } = await run({
    program: toolPath('ctr'),
    arguments: ['--address', layout.containerd, 'version'],
    timeoutSeconds: 5,
  });
  return exitCode === 0;
}
