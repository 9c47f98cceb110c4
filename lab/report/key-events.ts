import type { JournalEntry } from '../observe/journal';
import type { ReportedScenario } from './report';

/** A main event of a scenario, with its label on the time axis. */
export interface KeyEvent {
  /** Unix milliseconds. */
  readonly at: number;
  readonly label: string;
}

interface EventKind {
  readonly actor: JournalEntry['actor'];
  /** Whether the first or the last matching entry after the release counts. */
  readonly which: 'first' | 'last';
  /** The label of a journal entry; undefined if the entry does not match. */
  readonly labelOf: (text: string) => string | undefined;
}

/** The most important kind first. */
const kinds: readonly EventKind[] = [
  {
    actor: 'git',
    which: 'first',
    labelOf: (text) => (/: a new release$/.test(text) ? 'new release in git' : undefined),
  },
  { actor: 'gateway', which: 'first', labelOf: (text) => /^[1-9]\d* % /.exec(text)?.[0].concat('of the traffic') },
  { actor: 'flagger', which: 'last', labelOf: outcomeLabel },
  { actor: 'users', which: 'first', labelOf: (text) => (text === 'first bad response' ? text : undefined) },
  { actor: 'alertmanager', which: 'first', labelOf: (text) => (/^Canary\w+ firing/.test(text) ? 'alert' : undefined) },
  { actor: 'lab', which: 'first', labelOf: (text) => (/^\w+ stopped$/.test(text) ? text : undefined) },
  {
    actor: 'argocd',
    which: 'first',
    labelOf: (text) => (/^applied .* to the Deployment$/.test(text) ? 'in the cluster' : undefined),
  },
];

function outcomeLabel(text: string): string | undefined {
  switch (text) {
    case 'phase Failed':
      return 'rolled back';
    case 'phase Succeeded':
      return 'promoted';
    default:
      return undefined;
  }
}

/** The six most important events at most, sorted by time. Entries from before the release do not count. */
export function keyEvents({ journal }: Pick<ReportedScenario, 'journal'>): readonly KeyEvent[] {
  const releaseStart = releaseStartedAt(journal);
  if (releaseStart === undefined) {
    return [];
  }
  const events: KeyEvent[] = [];
  for (const { actor, which, labelOf } of kinds) {
    const matches = journal
      .filter((entry) => entry.actor === actor && entry.at >= releaseStart)
      .flatMap(({ at, text }) => {
        const label = labelOf(text);
        return label === undefined ? [] : [{ at, label }];
      });
    const event = which === 'first' ? matches[0] : matches.at(-1);
    if (event !== undefined) {
      events.push(event);
    }
  }
  return events.slice(0, 6).sort((a, b) => a.at - b.at);
}

/**
 * A release starts with the commit of the service. The journal notes the ledger commit only when the pipeline has ended, which can be after Argo CD
 * has applied the release.
 */
function releaseStartedAt(journal: readonly JournalEntry[]): number | undefined {
  const gitEntries = journal.filter(({ actor }) => actor === 'git');
  const promotedAt = gitEntries.find(({ text }) => /: a new release$/.test(text))?.at;
  const committedAt = gitEntries.findLast(
    ({ at, text }) => / of the service: /.test(text) && at <= (promotedAt ?? 0),
  )?.at;
  return committedAt ?? promotedAt;
}

/** When the computed times of a scenario start: at the event that lib/rollout computes from. Undefined if nothing is computed. */
export function computedStart({
  fault,
  journal,
  weights,
}: Pick<ReportedScenario, 'fault' | 'journal' | 'weights'>): number | undefined {
  const lastEntry = (actor: JournalEntry['actor'], text: string) =>
    journal.findLast((entry) => entry.actor === actor && entry.text === text)?.at;
  switch (fault) {
    case undefined:
      return undefined;
    case 'errors-from-start':
    case 'slow-from-start':
      return weights.find(({ canary }) => canary > 0)?.at;
    case 'errors-later':
    case 'slow-later':
    case 'crash-loop':
      return lastEntry('users', 'first bad response');
    case 'never-ready':
      return lastEntry('flagger', 'phase Progressing');
    case 'metrics-gone':
      return lastEntry('lab', 'Prometheus stopped');
    default:
      return withoutStart(fault);
  }
}

/** The compiler rejects the call where a fault has no case. */
function withoutStart(fault: never): never {
  throw new Error(`the start of the computed times is undefined for the fault ${fault}`);
}
