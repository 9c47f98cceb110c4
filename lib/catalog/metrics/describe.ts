import type { MetricNames } from './resolve';

/** The requests that count as failed, as a relative clause: `whose label code is 5xx or no status code`. */
export function describeFailures({ status, failures }: Pick<MetricNames, 'status' | 'failures'>): string {
  const values = failures.split('|');
  // gRPC codes are listed in all spellings; the names of Go stand for them.
  const names = values.filter((value) => /^[A-Z][a-z]/.test(value));
  const listed = names.length > 0 ? names.join(', ') : values.map((value) => value.replaceAll('.', 'x')).join(', ');
  return `whose label ${status} is ${listed} or no status code`;
}

/** What a histogram is measured in: `buckets in seconds`. */
export function describeHistogram({ type, unit }: Pick<MetricNames, 'type' | 'unit'>): string {
  return `${type === 'native-histogram' ? 'a native histogram' : 'buckets'} in ${unit}`;
}
