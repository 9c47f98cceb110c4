/** A user's request and its response. */
export interface UserResponse {
  /** When the request was due: Unix milliseconds. */
  readonly at: number;
  /** From the due time to the end of the response. */
  readonly milliseconds: number;
  /** 0 if there was no response. */
  readonly status: number;
  /** The version that responded; undefined if the response is not from the service but from the gateway, or if there is none. */
  readonly version?: string;
}

/** How users were affected by a release. */
export interface Exposure {
  readonly responses: number;
  readonly bad: number;
  /** Requests without a response of the service: no response at all, or an error of the gateway. */
  readonly lost: number;
  readonly firstBadAt?: number;
  readonly lastBadAt?: number;
  /** From the first bad response to the last; 0 if there is none. */
  readonly seconds: number;
}

/** The responses of one version in one second. */
export interface ResponsesPerSecond {
  /** Unix seconds. */
  readonly second: number;
  /** Empty for responses that are not from the service. */
  readonly version: string;
  readonly count: number;
  readonly errors: number;
  /** Milliseconds. */
  readonly p99: number;
}

/** Parses a line of the load generator (tools/go/lab/load). Undefined for an incomplete line of a generator that was killed. */
export function parseResponse(line: string): UserResponse | undefined {
  const [due, duration, status, version, ...rest] = line.split(' ');
  if (version === undefined || rest.length > 0 || !/^\d{13}$/.test(due ?? '')) {
    return undefined;
  }
  const code = Number(status);
  return {
    at: Number(due),
    milliseconds: Number(duration),
    status: code,
    // Without a response, the last field is the error.
    version: code === 0 || version === '-' ? undefined : version,
  };
}

/** Whether the request failed, in the service or in the gateway. */
export function isFailed({ status }: UserResponse): boolean {
  return status === 0 || status >= 500;
}

/** Measures the exposure; `isBad` decides which responses count. */
export function exposureOf(responses: readonly UserResponse[], isBad: (response: UserResponse) => boolean): Exposure {
  const badTimes = responses.filter(isBad).map(({ at }) => at);
  const lost = responses.filter(({ version }) => version === undefined).length;
  const counts = { responses: responses.length, bad: badTimes.length, lost };
  if (badTimes.length === 0) {
    return { ...counts, seconds: 0 };
  }
  const firstBadAt = badTimes.reduce((a, b) => Math.min(a, b));
  const lastBadAt = badTimes.reduce((a, b) => Math.max(a, b));
  return { ...counts, firstBadAt, lastBadAt, seconds: (lastBadAt - firstBadAt) / 1000 };
}

/** Groups responses by second and version. */
export function groupBySecond(responses: readonly UserResponse[]): readonly ResponsesPerSecond[] {
  const groups = new Map<string, UserResponse[]>();
  for (const response of responses) {
    const key = `${Math.floor(response.at / 1000)} ${response.version ?? ''}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, [response]);
    } else {
      group.push(response);
    }
  }
  return [...groups].map(([key, group]) => {
    const space = key.indexOf(' ');
    return {
      second: Number(key.slice(0, space)),
      version: key.slice(space + 1),
      count: group.length,
      errors: group.filter(isFailed).length,
      p99: percentile99(group.map(({ milliseconds }) => milliseconds)),
    };
  });
}

/** The nearest-rank 99th percentile. */
export function percentile99(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * 0.99) - 1)] ?? 0;
}
