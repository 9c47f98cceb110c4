import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspectTools, withLock } from '../lib/tools';
import { kubeconfigPath } from './cluster/keys';
import { labComponents, stopOrder } from './components';
import type { BringUp, BringUpStep, ClusterDriver, Teardown } from './driver';
import { type Layout, marker, within } from './layout';
import { foreignRules } from './machine/firewall-rules';
import { findProcessesByEnvironment } from './machine/processes';
import { writeFileAtomically } from './machine/write-file';
import type { Component, Server } from './run/component';
import { runInDependencyOrder } from './run/dependency-order';
import { type ComponentStatus, readStatus } from './run/status';
import { startServer, stopServer } from './run/supervisor';
import { type Baseline, captureBaseline, findLeftovers, hasLeftovers } from './teardown/leftovers';
import { findOtherLabs, machineRecord, recordLab, removeLabRecord } from './teardown/other-labs';
import { removeState, tearDown } from './teardown/tear-down';

/** Receives one line per step of a bring-up or teardown. */
export type Progress = (line: string) => void;

/** A cluster of host processes: kubelet with containerd runs real pods; control plane and platform run beside them. */
export class HostCluster implements ClusterDriver {
  readonly name = 'host processes';

  constructor(
    private readonly layout: Layout,
    private readonly progress: Progress,
  ) {}

  kubeconfig(): string {
    return kubeconfigPath(this.layout, 'admin');
  }

  up(): Promise<BringUp> {
    return this.withMachineLock(async () => {
      const startedAt = Date.now();
      const components = this.components();
      await this.removeInterruptedLabs();
      await this.saveBaseline();
      recordLab(this.layout);
      const steps: BringUpStep[] = [];
      await runInDependencyOrder(components, async (component) => {
        const componentStartedAt = Date.now();
        const was = await bringUp(this.layout, component);
        const seconds = (Date.now() - componentStartedAt) / 1000;
        const at = (Date.now() - startedAt) / 1000;
        steps.push({ name: component.name, seconds, at, was });
        // Running servers and instant steps are not worth a line.
        if (was === 'started' && (component.kind === 'server' || seconds >= 0.5)) {
          this.progress(`${at.toFixed(1).padStart(6)} s  ${component.name}  ${seconds.toFixed(1)} s`);
        }
      });
      return { seconds: (Date.now() - startedAt) / 1000, steps };
    });
  }

  down(): Promise<Teardown> {
    return this.withMachineLock(async () => {
      const startedAt = Date.now();
      const before: Record<string, number> = {};
      const left: string[] = [];
      for (const layout of [this.layout, ...findOtherLabs(this.layout).map((other) => other.layout)]) {
        if (layout !== this.layout) {
          this.progress(`found another lab in ${layout.state}: tearing it down`);
        }
        const baseline = await readOrReconstructBaseline(layout);
        const leftovers = await findLeftovers(layout, baseline);
        for (const [kind, lines] of Object.entries(leftovers)) {
          before[kind] = (before[kind] ?? 0) + lines.length;
        }
        if (hasLeftovers(leftovers)) {
          await tearDown(layout, stopOrder, baseline);
        }
        removeLabRecord(layout);
        left.push(...Object.values(await findLeftovers(layout, baseline)).flat());
      }
      return { seconds: (Date.now() - startedAt) / 1000, before, left };
    });
  }

  status(): Promise<readonly ComponentStatus[]> {
    return readStatus(this.layout, this.components());
  }

  async stop(name: string): Promise<void> {
    const server = this.findServer(name);
    await stopServer(this.layout, server.name, server.graceSeconds);
  }

  async start(name: string): Promise<void> {
    await startServer(this.layout, this.findServer(name));
  }

  private findServer(name: string): Server {
    const component = this.components().find((each) => each.name === name);
    if (component?.kind !== 'server') {
      throw new Error(`the lab has no server ${name}`);
    }
    return component;
  }

  private components(): readonly Component[] {
    const versions = new Map(inspectTools().map(({ name, version }) => [name, version]));
    const versionOf = (name: string) => versions.get(name) ?? '';
    return labComponents(this.layout, {
      'etcd-server': versionOf('etcd'),
      containerd: versionOf('containerd'),
      'docker-registry': versionOf('docker-registry'),
      envoy: versionOf('envoy'),
      serve: serveCommand(),
    });
  }

  /** Runs one bring-up or teardown at a time: together they would leave a part of the lab behind. */
  private withMachineLock<T>(work: () => Promise<T>): Promise<T> {
    return withLock(`${machineRecord}.lock`, work, (holder) =>
      this.progress(`process ${holder} is bringing up or tearing down the lab: waiting for it`),
    );
  }

  /**
   * Removes what interrupted labs in other state directories left behind.
   * @throws Error if another lab runs
   */
  private async removeInterruptedLabs(): Promise<void> {
    for (const { layout, isRunning } of findOtherLabs(this.layout)) {
      if (isRunning) {
        throw new Error(
          `another lab runs on this machine, in ${layout.state}; a machine can run one lab at a time. To tear down every lab: npm run lab:down`,
        );
      }
      this.progress(`found an interrupted lab in ${layout.state}: removing it`);
      // If this lab runs, bridge, rules and control groups belong to it.
      if (findProcessesByEnvironment(marker, this.layout.state).length > 0) {
        await removeState(layout);
      } else {
        await tearDown(layout, stopOrder, await readOrReconstructBaseline(layout));
      }
      removeLabRecord(layout);
    }
  }

  /** @throws Error if the machine has rules of another cluster: kube-proxy takes over all rules of this kind */
  private async saveBaseline(): Promise<void> {
    if (readBaseline(this.layout) !== undefined) {
      return;
    }
    const baseline = await reconstructBaseline();
    if (baseline.rules.some((rule) => rule.includes('KUBE-'))) {
      throw new Error(
        'this machine has rules of another cluster’s kube-proxy (iptables-save or ip6tables-save | grep KUBE-): the lab would take them over and remove them. Remove that cluster first.',
      );
    }
    mkdirSync(this.layout.state, { recursive: true, mode: 0o755 });
    writeFileAtomically({ path: baselinePath(this.layout), text: `${JSON.stringify(baseline)}\n` });
  }
}

async function readOrReconstructBaseline(layout: Layout): Promise<Baseline> {
  return readBaseline(layout) ?? reconstructBaseline();
}

function readBaseline(layout: Layout): Baseline | undefined {
  try {
    return JSON.parse(readFileSync(baselinePath(layout), 'utf8')) as Baseline;
  } catch {
    return undefined;
  }
}

function baselinePath(layout: Layout): string {
  return within(layout, 'baseline.json');
}

/** Derives the baseline from the machine's present state, for a new lab or for one whose state directory was deleted. */
async function reconstructBaseline(): Promise<Baseline> {
  const { shared, rules } = await captureBaseline();
  return { shared, rules: foreignRules(rules) };
}

async function bringUp(layout: Layout, component: Component): Promise<'started' | 'running'> {
  if (component.kind === 'server') {
    return startServer(layout, component);
  }
  await Promise.race([component.run(), failAfterDeadline(component)]);
  return 'started';
}

/** Without it, a step that hangs would block the bring-up without a message. */
async function failAfterDeadline({ name, deadlineSeconds }: Component): Promise<never> {
  await sleep(deadlineSeconds * 1000, undefined, { ref: false });
  throw new Error(`${name} was not done within ${deadlineSeconds} s`);
}

/** Arguments of Node that run serve.ts from the sources. */
function serveCommand(): readonly string[] {
  const tsx = createRequire(__filename).resolve('tsx/package.json');
  return ['--import', pathToFileURL(join(dirname(tsx), 'dist', 'loader.mjs')).href, join(__dirname, 'serve.ts')];
}
