import type { JournalEntry } from '../observe/journal';
import type { ReportedScenario } from './report';

/** Something that a reader looks for on the time axis, in a few words. */
export interface KeyEvent {
  /** Unix milliseconds. */
  readonly at: number;
  readonly words: string;
}

/** What is looked for, the most important first: the first entry of each after the release, or the last. */
const kinds: readonly {
  readonly which: 'first' | 'last';
  readonly words: (text: string) => string | undefined;
  readonly actor: JournalEntry['actor'];
}[] = [
  { actor: 'git', which: 'first', words: (text) => (/: a new release$/.test(text) ? 'new release in git' : undefined) },
  { actor: 'gateway', which: 'first', words: (text) => /^[1-9]\d* % /.exec(text)?.[0].concat('of the traffic') },
  {
    actor: 'flagger',
    which: 'last',
    words: (text) => (text === 'phase Failed' ? 'taken back' : text === 'phase Succeeded' ? 'promoted' : undefined),
  },
  { actor: 'users', which: 'first', words: (text) => (text === 'first bad answer' ? text : undefined) },
  { actor: 'alertmanager', which: 'first', words: (text) => (/^Canary\w+ firing/.test(text) ? 'alert' : undefined) },
  { actor: 'lab', which: 'first', words: (text) => (/^\w+ stopped$/.test(text) ? text : undefined) },
  {
    actor: 'argocd',
    which: 'first',
    words: (text) => (/^the Deployment has/.test(text) ? 'in the cluster' : undefined),
  },
];

/** Six of them at most, in the order of time. What was so before the release is none. */
export function keyEvents({ journal }: Pick<ReportedScenario, 'journal'>): readonly KeyEvent[] {
  const released = releasedAt(journal);
  if (released === undefined) {
    return [];
  }
  return kinds
    .flatMap(({ actor, which, words }) => {
      const found = journal
        .filter((entry) => entry.actor === actor && entry.at >= released)
        .flatMap(({ at, text }) => {
          const said = words(text);
          return said === undefined ? [] : [{ at, words: said }];
        });
      const event = which === 'first' ? found[0] : found.at(-1);
      return event === undefined ? [] : [event];
    })
    .slice(0, 6)
    .sort((a, b) => a.at - b.at);
}

/**
 * When the release began: with the commit of the service. What comes of its place in the ledger, the cluster may say sooner than the road, which
 * still has to end.
 */
function releasedAt(journal: readonly JournalEntry[]): number | undefined {
  const inGit = journal.filter(({ actor }) => actor === 'git');
  const promoted = inGit.find(({ text }) => /: a new release$/.test(text))?.at;
  const committed = inGit.findLast(({ at, text }) => / of the service: /.test(text) && at <= (promoted ?? 0))?.at;
  return committed ?? promoted;
}

/** Where the computed times of a scenario begin on its clock: with what they are computed from. Undefined where nothing is computed. */
export function computedFrom({
  fault,
  journal,
  weights,
}: Pick<ReportedScenario, 'fault' | 'journal' | 'weights'>): number | undefined {
  const noted = (actor: JournalEntry['actor'], text: string) =>
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
      return noted('users', 'first bad answer');
    case 'never-ready':
      return noted('flagger', 'phase Progressing');
    case 'metrics-gone':
      return noted('lab', 'Prometheus stopped');
  }
}
