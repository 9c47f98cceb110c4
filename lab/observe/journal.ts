/** Who did something, as columns of a timeline. */
export const actors = [
  'git',
  'road',
  'argocd',
  'kubernetes',
  'flagger',
  'gateway',
  'users',
  'alertmanager',
  'lab',
] as const;
export type Actor = (typeof actors)[number];

export interface JournalEntry {
  /** Unix milliseconds. */
  readonly at: number;
  readonly actor: Actor;
  readonly text: string;
}

/** A change of the gateway's weight of the new version, in percent. */
export interface WeightChange {
  readonly at: number;
  readonly canary: number;
}

/** What happened in a scenario, by all who took part, on one clock: everything runs on this machine. */
export class Journal {
  readonly startedAt = Date.now();
  private readonly written: JournalEntry[] = [];

  constructor(private readonly onEntry: (entry: JournalEntry, sinceStart: number) => void = () => {}) {}

  note(actor: Actor, text: string, at = Date.now()): void {
    const entry = { at, actor, text };
    this.written.push(entry);
    this.onEntry(entry, (at - this.startedAt) / 1000);
  }

  /** In the order of time, which is not that in which they became known. */
  entries(): readonly JournalEntry[] {
    return [...this.written].sort((a, b) => a.at - b.at);
  }
}

/** One line of a timeline for people. */
export function journalLine({ actor, text }: JournalEntry, seconds: number): string {
  return `${seconds.toFixed(1).padStart(7)} s  ${actor.padEnd(12)}  ${text}`;
}
