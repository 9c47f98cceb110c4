import { Duration } from 'cdk8s';
import type { ServiceInEnvironment } from '../../../lib/catalog';
import { AlertingRule } from '../../prometheus/alerting-rule';
import { findMissingMetrics, type MissingMetric } from '../../queries/metric-existence';
import { alertLabels } from './rollback-rules';

/** Longer than a start of the service takes, and than a burst of requests that only one handler counts. */
const missingFor = Duration.minutes(15);

/** What is missing, what follows from it, and what to do. */
interface Diagnosis {
  readonly missing: string;
  readonly effect: string;
  readonly remedy: string;
}

/**
 * Alerts on a running version that does not export what it is judged by: the next release could not be promoted, and the alerts on the objectives
 * see nothing. They open tickets, because no user is affected yet; while the target itself is gone, MetricsMissing pages.
 */
export function metricsIncomplete(service: ServiceInEnvironment): readonly AlertingRule[] {
  const { name, environment, namespace, metrics, objectives } = service;
  const primary = `${name}-primary`;
  const target = { metrics, labels: `namespace="${namespace}",job="${primary}"` };
  const minutes = missingFor.toMinutes();
  return Object.entries(findMissingMetrics(target, objectives)).map(([missing, expr]) => {
    const diagnosis = diagnose(missing as MissingMetric, service);
    return AlertingRule.ticket({
      alert: 'MetricsIncomplete',
      expr,
      for: missingFor,
      labels: { ...alertLabels(service), missing },
      annotations: {
        summary: `${name} in ${environment}: releases cannot be judged, because ${diagnosis.missing}`,
        description: `Prometheus scrapes ${primary}, and for ${minutes}m ${diagnosis.missing}. ${diagnosis.effect} Users are not affected yet. To see what the service exports, run: kubectl -n ${namespace} port-forward deployment/${primary} ${metrics.port}, and in another terminal: curl -s localhost:${metrics.port}${metrics.path}. ${diagnosis.remedy} Do it before the next release.`,
      },
    });
  });
}

function diagnose(missing: MissingMetric, { metrics, objectives }: ServiceInEnvironment): Diagnosis {
  const { requests, duration, status, unit } = metrics;
  const catalogRemedy = (field: string) => `set metrics.${field} in the catalog file of the service`;
  const errorsUnknown =
    'Flagger rolls the next release back, because its check of errors has no value, and no alert on errors fires.';
  const latencyUnknown =
    'Flagger rolls the next release back, because its check of the latency has no value, and LatencyHigh does not fire.';
  switch (missing) {
    case 'requests':
      return {
        missing: `there is no series ${requests}`,
        effect: errorsUnknown,
        remedy: `If it counts its requests under another name, ${catalogRemedy('requests')}. If it has had no request since it started, its library creates the series with the first one: create them at 0 at the start.`,
      };
    case 'status':
      return {
        missing: `requests of ${requests} have no status code in the label ${status}`,
        effect: `They count as failed. If no request has a status code, no check of errors has a value: Flagger rolls the next release back in both cases.`,
        remedy: `If the status code is in another label, ${catalogRemedy('status')}. If only some series lack it, another part of the program exports a metric of the same name: rename one of them.`,
      };
    case 'histogram':
      return {
        missing: `there is no histogram ${duration}, or it times fewer than half of the requests`,
        effect: latencyUnknown,
        remedy: `If it has another name, ${catalogRemedy('duration')}. If it is a summary, replace it by a histogram: the quantiles of several pods cannot be combined. If it is the other kind of histogram, ${catalogRemedy('type')}.`,
      };
    case 'bucket': {
      const limit = Number((objectives.p99Seconds * (unit === 'milliseconds' ? 1000 : 1)).toPrecision(6));
      return {
        missing: `no bucket of ${duration} is larger than the objective of ${objectives.p99Seconds * 1000} ms`,
        effect: `Every longer request would read as the largest bucket. ${latencyUnknown}`,
        remedy: `Add a bucket at ${limit} and a larger one. If the histogram is not in ${unit}, ${catalogRemedy('unit')}.`,
      };
    }
  }
}
