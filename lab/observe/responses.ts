/** One question of a user, and what came of it. */
export interface Answer {
  /** When it was due: Unix milliseconds. */
  readonly at: number;
  /** Milliseconds from then to the end of the answer. */
  readonly took: number;
  /** 0 where there was no answer. */
  readonly status: number;
  /** The version that answered; undefined where none of the service's did: the gateway spoke for it, or nobody. */
  readonly version?: string;
}

/** The answers that a release is blamed for. */
export interface Exposure {
  readonly answers: number;
  readonly bad: number;
  /** Answers that did not come from the service: none at all, or an error of the gateway's own. */
  readonly lost: number;
  readonly firstBadAt?: number;
  readonly lastBadAt?: number;
  /** From the first bad answer to the last; 0 where there is none. */
  readonly seconds: number;
}

/** Answers of one version in one second of the run. */
export interface SecondOfAnswers {
  /** Unix seconds. */
  readonly second: number;
  /** Empty: the gateway spoke, or nobody. */
  readonly version: string;
  readonly count: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** Reads a line of the load generator (tools/go/lab/load). Undefined: half a line, of a generator that was cut off. */
export function parseAnswer(line: string): Answer | undefined {
  const [due, took, status, version, ...rest] = line.split(' ');
  if (version === undefined || rest.length > 0 || !/^\d{13}$/.test(due ?? '')) {
    return undefined;
  }
  const code = Number(status);
  return {
    at: Number(due),
    took: Number(took),
    status: code,
    // Where nobody answered, the last word says what went wrong.
    ...(code === 0 || version === '-' ? {} : { version }),
  };
}

/** A failed answer, whoever gave it. */
export function failed({ status }: Answer): boolean {
  return status === 0 || status >= 500;
}

/** What users met, by what counts as bad. */
export function exposureOf(answers: readonly Answer[], isBad: (answer: Answer) => boolean): Exposure {
  const bad = answers.filter(isBad).map(({ at }) => at);
  const lost = answers.filter(({ version }) => version === undefined).length;
  const counts = { answers: answers.length, bad: bad.length, lost };
  if (bad.length === 0) {
    return { ...counts, seconds: 0 };
  }
  const firstBadAt = bad.reduce((a, b) => Math.min(a, b));
  const lastBadAt = bad.reduce((a, b) => Math.max(a, b));
  return { ...counts, firstBadAt, lastBadAt, seconds: (lastBadAt - firstBadAt) / 1000 };
}

/** What each version answered in each second. */
export function bySecond(answers: readonly Answer[]): readonly SecondOfAnswers[] {
  const groups = new Map<string, Answer[]>();
  for (const answer of answers) {
    const key = `${Math.floor(answer.at / 1000)} ${answer.version ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [answer]);
    } else {
      group.push(answer);
    }
  }
  return [...groups].map(([key, group]) => {
    const space = key.indexOf(' ');
    return {
      second: Number(key.slice(0, space)),
      version: key.slice(space + 1),
      count: group.length,
      errors: group.filter(failed).length,
      p99: percentile99(group.map(({ took }) => took)),
    };
  });
}

/** The nearest-rank 99th percentile. */
export function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
}
