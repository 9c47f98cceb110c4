import { unitOfName } from '../../metrics';
import type { PartiallyParsed } from '../../parse/partial-parse';
import type { Service } from '../../schema/service';
import type { Finding } from '../finding';

/** Labels that Prometheus sets on every series of a target. A label of the service with such a name becomes `exported_<name>`. */
const targetLabels = ['namespace', 'job', 'instance', 'pod', 'service', 'endpoint', 'container'];

/** Labels that a histogram or a summary has for itself. */
const histogramLabels = ['le', 'quantile'];

/** Finds metrics that cannot exist, or by which a release would be judged wrongly. */
export function validateMetrics({ metrics, metricsPath }: PartiallyParsed<Service>): readonly Finding[] {
  if (metrics === undefined || typeof metrics === 'string') {
    return [];
  }
  const { requests, duration, status, unit, type, path } = metrics;
  const findings: Finding[] = [];
  const add = (code: string, field: string, expected: string) =>
    findings.push({ code, path: ['metrics', field], expected });
  const suffix = /_(?:bucket|count|sum)$/.exec(duration ?? '')?.[0];
  if (suffix !== undefined && duration !== undefined) {
    add(
      'histogram-with-suffix',
      'duration',
      `${duration.slice(0, -suffix.length)}, the name of the histogram without ${suffix}`,
    );
  }
  const notCounter = /_(?:bucket|sum)$/.exec(requests ?? '')?.[0];
  if (notCounter !== undefined) {
    add('not-a-counter', 'requests', `a counter of requests, such as http_requests_total; ${notCounter} is none`);
  }
  if (requests !== undefined && requests === duration) {
    add(
      'requests-without-counter',
      'requests',
      type === 'native-histogram'
        ? `another metric than the duration: for the count of a native histogram, write ${requests}_count`
        : `a counter of requests: the count of the histogram is ${requests}_count`,
    );
  }
  if (status !== undefined && (targetLabels.includes(status) || histogramLabels.includes(status))) {
    add(
      'reserved-label',
      'status',
      targetLabels.includes(status)
        ? `a label of the service: Prometheus sets ${status} itself, and stores that of the service as exported_${status}`
        : `a label with a status code, which ${status} is not`,
    );
  }
  if (unit === 'milliseconds' && /_seconds$/.test(duration ?? '') && unitOfName(duration ?? '') === 'seconds') {
    add(
      'unit-mismatch',
      'unit',
      `seconds, as the name ${duration} says: read as milliseconds, a request of 30 s would count as 30 ms`,
    );
  }
  if (unit === 'seconds' && unitOfName(duration ?? '') === 'milliseconds') {
    add(
      'unit-mismatch',
      'unit',
      `milliseconds, as the name ${duration} says: read as seconds, every release would be rolled back`,
    );
  }
  if (path !== undefined && metricsPath !== undefined) {
    add('metrics-path-twice', 'path', 'either metrics.path or metricsPath, not both');
  }
  return findings;
}
