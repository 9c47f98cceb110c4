import { measuresDurationsOver, type Requests, requestCount, timedRequestCount } from './requests';

/** Which of the metrics that a service is judged by does not exist, or not in the form that the catalog names. */
export type MissingMetric = 'requests' | 'status' | 'histogram' | 'bucket';

/**
 * Expressions with a value while a metric is missing although its target is up. None has a value while the target is down, because nothing is known
 * about its metrics then.
 * @param target the pods, as label matchers
 * @param limits the objectives: the share of failed requests, and seconds
 */
export function findMissingMetrics(
  { metrics, labels }: Omit<Requests, 'window'>,
  limits: { readonly errorRate: number; readonly p99Seconds: number },
): Readonly<Partial<Record<MissingMetric, string>>> {
  const { requests, duration, status, successes, failures, type } = metrics;
  const isNative = type === 'native-histogram';
  const countsByHistogram = isNative && requests === `${duration}_count`;
  const counter = countsByHistogram ? duration : requests;
  // histogram_count leaves out what is no native histogram, such as the quantiles of a summary.
  const count = (matchers: string) =>
    countsByHistogram ? `count(histogram_count(${duration}{${matchers}}))` : `count(${requests}{${matchers}})`;
  const up = `count(up{${labels}} == 1)`;
  const known = `${status}=~"${successes}|${failures}"`;
  const lastHour = { metrics, labels, window: '1h' };
  const untimed = `${requestCount(lastHour)} > 200 and on() ${requestCount(lastHour)} > 2 * ${timedRequestCount(lastHour)}`;
  const rate = (matchers: string) => {
    const sum = `sum(rate(${counter}{${matchers}}[1h]))`;
    return countsByHistogram ? `histogram_count(${sum})` : sum;
  };
  const unknownShare = `1 - ${rate(`${labels},${known}`)} / (${rate(labels)} > 0)`;
  const buckets = isNative
    ? `count(histogram_count(${duration}{${labels}}))`
    : `count(${duration}_bucket{${labels},le!="+Inf"})`;
  return {
    requests: `${up} unless on() ${count(labels)}`,
    status: `(${count(labels)} unless on() ${count(`${labels},${known}`)})
or on() (${unknownShare} > ${limits.errorRate})`,
    histogram: `(${up} unless on() ${buckets})
or on() (${untimed})`,
    ...(isNative
      ? {}
      : { bucket: `${buckets} unless on() (${measuresDurationsOver({ metrics, labels }, limits.p99Seconds)})` }),
  };
}
