import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import { type Layout, within } from '../layout';
import { createCgroups } from './cgroups';
import { addLabRules } from './iptables';
import { writeFileAtomically } from './write-file';

/** Kernel settings that pods need. */
const requiredSettings = { 'net/ipv4/ip_forward': '1', 'net/bridge/bridge-nf-call-iptables': '1' } as const;

/** Kernel settings that kubelet and kube-proxy change. */
const settingsOfComponents = [
  'net/ipv4/conf/all/route_localnet',
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
] as const;

/** Creates the bridge, the firewall rules and the control groups, and changes the kernel settings. Idempotent. */
export async function createNetwork(layout: Layout): Promise<void> {
  const { bridge, address } = layout.node;
  if (!existsSync(`/sys/class/net/${bridge}`)) {
    await ip('link', 'add', bridge, 'type', 'bridge');
    await ip('address', 'add', `${address}/24`, 'dev', bridge);
  }
  await ip('link', 'set', bridge, 'up');
  changeKernelSettings(layout);
  await addLabRules(layout);
  createCgroups(layout);
}

/** Removes the bridges and restores the kernel settings. Skips what does not exist. */
export async function removeNetwork(layout: Layout): Promise<void> {
  for (const bridge of [layout.pods.bridge, layout.node.bridge]) {
    if (existsSync(`/sys/class/net/${bridge}`)) {
      await ip('link', 'delete', bridge);
    }
  }
  const saved = savedSettingsPath(layout);
  if (existsSync(saved)) {
    for (const [name, value] of Object.entries(JSON.parse(readFileSync(saved, 'utf8')) as Record<string, string>)) {
      writeFileSync(join('/proc/sys', name), value);
    }
  }
}

/** Saves the values of all settings before the first change. */
function changeKernelSettings(layout: Layout): void {
  const saved = savedSettingsPath(layout);
  const available = [...Object.keys(requiredSettings), ...settingsOfComponents].filter((name) =>
    existsSync(join('/proc/sys', name)),
  );
  if (!existsSync(saved)) {
    const values = Object.fromEntries(
      available.map((name) => [name, readFileSync(join('/proc/sys', name), 'utf8').trim()]),
    );
    writeFileAtomically({ path: saved, text: `${JSON.stringify(values)}\n` });
  }
  for (const [name, value] of Object.entries(requiredSettings)) {
    if (available.includes(name)) {
      writeFileSync(join('/proc/sys', name), value);
    }
  }
}

function savedSettingsPath(layout: Layout): string {
  return within(layout, 'settings.json');
}

async function ip(...words: readonly string[]): Promise<void> {
  await mustRun({ program: toolPath('ip'), arguments: words, timeoutSeconds: 10 });
}
