import type { ComponentStatus } from './run/status';

/** A cluster on this machine. HostCluster is the only implementation; another one could use kind. */
export interface ClusterDriver {
  readonly name: string;
  /** Brings up the cluster and the platform, or completes an interrupted bring-up. Returns when everything is ready. */
  up(): Promise<BringUp>;
  /** Tears everything down, then searches for leftovers. */
  down(): Promise<Teardown>;
  status(): Promise<readonly ComponentStatus[]>;
  /** Path of a kubeconfig with cluster-admin permissions. */
  kubeconfig(): string;
  /** Stops one server. @throws Error if there is no server of that name */
  stop(server: string): Promise<void>;
  /** Starts one server, and waits until it is ready. */
  start(server: string): Promise<void>;
}

/** The result of a bring-up: the components in the order in which they became ready. */
export interface BringUp {
  readonly seconds: number;
  readonly steps: readonly BringUpStep[];
}

export interface BringUpStep {
  readonly name: string;
  /** Duration of this component. */
  readonly seconds: number;
  /** Seconds since the bring-up started. */
  readonly at: number;
  readonly was: 'started' | 'running';
}

/** The result of a teardown. */
export interface Teardown {
  readonly seconds: number;
  /** Number of the lab's items before the teardown, by kind. */
  readonly before: Readonly<Record<string, number>>;
  /** What the teardown did not remove, one line each; empty if the machine is clean. */
  readonly left: readonly string[];
}

/** Renders a teardown for people. */
export function renderTeardown({ seconds, before, left }: Teardown): string {
  const counts = Object.entries(before)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
  const after =
    left.length === 0 ? 'nothing left\n' : `${left.length} left\n${left.map((line) => `  ${line}\n`).join('')}`;
  return `before: ${counts}\nafter:  ${after}Down after ${seconds.toFixed(1)} s.\n`;
}
