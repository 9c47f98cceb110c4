import type { ComponentStatus } from './run/status';

/** A cluster on this machine. The lab's own processes are one driver; kind or another way of having a cluster can be a second (drivers.ts). */
export interface ClusterDriver {
  readonly name: string;
  /** Brings cluster and platform up, or completes what an interrupted bring-up left. Returns when all is ready. */
  up(): Promise<BringUp>;
  /** Takes everything down and looks for what is left. */
  down(): Promise<TakeDown>;
  status(): Promise<readonly ComponentStatus[]>;
  /** Path of a kubeconfig that may do everything. */
  kubeconfig(): string;
  /** Ends one server of the platform, for whoever wants to see what becomes of the rest. @throws Error when there is none of that name */
  stop(server: string): Promise<void>;
  /** Brings it back, and waits until it serves. */
  start(server: string): Promise<void>;
}

/** What a bring-up did, with seconds for each component in the order in which they got ready. */
export interface BringUp {
  readonly seconds: number;
  readonly steps: readonly {
    readonly name: string;
    readonly seconds: number;
    readonly at: number;
    readonly was: 'started' | 'running';
  }[];
}

export interface TakeDown {
  readonly seconds: number;
  /** How much of the lab there was, by kind, before. */
  readonly before: Readonly<Record<string, number>>;
  /** What is left, as lines for people; empty when the machine is as it was. */
  readonly left: readonly string[];
}

/** Before and after, for people. */
export function takeDownText({ seconds, before, left }: TakeDown): string {
  const had = Object.entries(before)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
  const rest =
    left.length === 0
      ? 'after:  nothing is left\n'
      : `after:  ${left.length} left\n${left.map((line) => `  ${line}\n`).join('')}`;
  return `before: ${had}\n${rest}Down after ${seconds.toFixed(1)} s.\n`;
}
