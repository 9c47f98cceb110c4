/** Who did something: the lanes of the timeline. */
export const actors = [
  'git',
  'pipeline',
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

/** A change of the canary's weight in the gateway, in percent. */
export interface WeightChange {
  readonly at: number;
  readonly canary: number;
}

/** Everything that happened in a scenario. All actors run on this machine, so the times are of one clock. */
export class Journal {
  readonly startedAt = Date.now();
  private readonly notes: JournalEntry[] = [];

  constructor(private readonly onEntry: (entry: JournalEntry, secondsSinceStart: number) => void = () => {}) {}

  note(actor: Actor, text: string, at = Date.now()): void {
    const entry = { at, actor, text };
    this.notes.push(entry);
    this.onEntry(entry, (at - this.startedAt) / 1000);
  }

  /** Sorted by time: some entries are noted later than they happened. */
  entries(): readonly JournalEntry[] {
    return [...this.notes].sort((a, b) => a.at - b.at);
  }
}

/** Renders one line of the timeline. */
export function renderEntry({ actor, text }: JournalEntry, seconds: number): string {
  return `${seconds.toFixed(1).padStart(7)} s  ${actor.padEnd(12)}  ${text}`;
}
