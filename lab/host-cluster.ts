import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { inspectTools, withLock } from '../lib/tools';
import { kubeconfigPath } from './cluster/keys';
import { platform, stopOrder } from './components';
import type { BringUp, ClusterDriver, TakeDown } from './driver';
import type { Layout } from './layout';
import { marker, within } from './layout';
import { rulesOfOthers } from './machine/firewall-rules';
import { processesWith } from './machine/processes';
import type { Component, Server } from './run/component';
import { inOrder } from './run/dependency-order';
import { type ComponentStatus, statusOf } from './run/status';
import { start, stop, writeRendered } from './run/supervisor';
import { type Baseline, type Traces, takeBaseline, tracesOf } from './teardown/leftovers';
import { forgetLab, machineRecord, otherLabs, rememberLab } from './teardown/other-labs';
import { leaveNothing, takeDown } from './teardown/tear-down';

/** Where the lab stands, for whoever watches a bring-up. */
export type Progress = (line: string) => void;

/** The cluster as processes of this machine: a real kubelet with containerd, real pods, the control plane and the platform beside them. */
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
    return this.alone(async () => {
      const started = Date.now();
      const components = await this.components();
      await this.clearOthers();
      await this.writeBaseline();
      rememberLab(this.layout);
      const steps: { name: string; seconds: number; at: number; was: 'started' | 'running' }[] = [];
      await inOrder(components, async (component) => {
        const begun = Date.now();
        const was = await bring(this.layout, component);
        const seconds = (Date.now() - begun) / 1000;
        const at = (Date.now() - started) / 1000;
        steps.push({ name: component.name, seconds, at, was });
        // What runs already, or is done in no time, is no news.
        if (was === 'started' && (component.kind === 'server' || seconds >= 0.5)) {
          this.progress(`${at.toFixed(1).padStart(6)} s  ${component.name}  ${seconds.toFixed(1)} s`);
        }
      });
      return { seconds: (Date.now() - started) / 1000, steps };
    });
  }

  down(): Promise<TakeDown> {
    return this.alone(async () => {
      const started = Date.now();
      const before: Record<string, number> = {};
      const left: string[] = [];
      for (const layout of [this.layout, ...otherLabs(this.layout).map((other) => other.layout)]) {
        if (layout !== this.layout) {
          this.progress(`there is a lab in ${layout.state} too: taking it down`);
        }
        const baseline = baselineOf(layout) ?? (await withoutOurs());
        const traces = await tracesOf(layout, baseline);
        for (const [kind, lines] of Object.entries(traces)) {
          before[kind] = (before[kind] ?? 0) + lines.length;
        }
        if (hasAny(traces)) {
          await takeDown(layout, stopOrder, baseline);
        }
        forgetLab(layout);
        left.push(...Object.values(await tracesOf(layout, baseline)).flat());
      }
      return { seconds: (Date.now() - started) / 1000, before, left };
    });
  }

  async status(): Promise<readonly ComponentStatus[]> {
    return statusOf(this.layout, await this.components());
  }

  async stop(name: string): Promise<void> {
    const server = await this.server(name);
    await stop(this.layout, server.name, server.graceSeconds);
  }

  async start(name: string): Promise<void> {
    await start(this.layout, await this.server(name));
  }

  private async server(name: string): Promise<Server> {
    const component = (await this.components()).find((each) => each.name === name);
    if (component?.kind !== 'server') {
      throw new Error(`the lab has no server ${name}`);
    }
    return component;
  }

  private async components(): Promise<readonly Component[]> {
    const versions = new Map(inspectTools().map(({ name, version }) => [name, version]));
    const versionOf = (name: string) => versions.get(name) ?? '';
    return platform(this.layout, {
      'etcd-server': versionOf('etcd'),
      containerd: versionOf('containerd'),
      'docker-registry': versionOf('docker-registry'),
      envoy: versionOf('envoy'),
      serve: ownServer(),
    });
  }

  /** One at a time: a bring-up beside a take-down would leave something between the two. */
  private alone<T>(work: () => Promise<T>): Promise<T> {
    return withLock(`${machineRecord}.lock`, work, (holder) =>
      this.progress(`process ${holder} is bringing the lab up or down: waiting for it`),
    );
  }

  /**
   * What an interrupted lab with another state folder left, goes before this one comes.
   * @throws Error when such a lab runs
   */
  private async clearOthers(): Promise<void> {
    for (const { layout, runs } of otherLabs(this.layout)) {
      if (runs) {
        throw new Error(
          `another lab runs on this machine, in ${layout.state}; there can be one at a time. npm run lab:down takes every lab down.`,
        );
      }
      this.progress(`an interrupted lab left things in ${layout.state}: taking them away`);
      const baseline = baselineOf(layout) ?? (await withoutOurs());
      // Bridge, rules and control groups are ours already where this lab runs.
      await (processesWith(marker, this.layout.state).length > 0
        ? leaveNothing(layout)
        : takeDown(layout, stopOrder, baseline));
      forgetLab(layout);
    }
  }

  /** @throws Error when another cluster's rules are on this machine: kube-proxy takes all of their kind for its own */
  private async writeBaseline(): Promise<void> {
    if (baselineOf(this.layout) !== undefined) {
      return;
    }
    const baseline = await withoutOurs();
    if (baseline.rules.some((rule) => rule.includes('KUBE-'))) {
      throw new Error(
        'another cluster’s kube-proxy has its rules on this machine (iptables-save or ip6tables-save | grep KUBE-): the lab would take them for its own and remove them. Take that cluster down first.',
      );
    }
    mkdirSync(this.layout.state, { recursive: true, mode: 0o755 });
    writeRendered({ path: baselinePath(this.layout), text: `${JSON.stringify(baseline)}\n` });
  }
}

function baselineOf(layout: Layout): Baseline | undefined {
  try {
    return JSON.parse(readFileSync(baselinePath(layout), 'utf8')) as Baseline;
  } catch {
    return undefined;
  }
}

function baselinePath(layout: Layout): string {
  return within(layout, 'baseline.json');
}

async function bring(layout: Layout, component: Component): Promise<'started' | 'running'> {
  if (component.kind === 'server') {
    return start(layout, component);
  }
  await Promise.race([component.run(), tooLate(component)]);
  return 'started';
}

/** A step that hangs would hold up the rest without a word. */
async function tooLate({ name, deadlineSeconds }: Component): Promise<never> {
  await sleep(deadlineSeconds * 1000, undefined, { ref: false });
  throw new Error(`${name} was not done within ${deadlineSeconds} s`);
}

/** How the lab's own TypeScript servers are started: by this Node, from the sources. */
function ownServer(): readonly string[] {
  const tsx = createRequire(__filename).resolve('tsx/package.json');
  return ['--import', pathToFileURL(join(dirname(tsx), 'dist', 'loader.mjs')).href, join(__dirname, 'serve.ts')];
}

/** The best guess of what was there before, for a state folder that was lost, as by a machine's clean-up or a restart in the middle. */
async function withoutOurs(): Promise<Baseline> {
  const { shared, rules } = await takeBaseline();
  return { shared, rules: rulesOfOthers(rules) };
}

function hasAny(traces: Traces): boolean {
  return Object.values(traces).some((lines) => lines.length > 0);
}
