import { Duration } from 'cdk8s';
import type { ServiceInEnvironment } from '../../lib/catalog';
import { percentileSamples } from '../../lib/rollout';
import { AlertingRule } from '../prometheus/alerting-rule';
import type { RecordingRule, RuleGroup } from '../prometheus/prometheus-rule';
import { type ServiceSelection, serviceRequests } from '../queries/objective-queries';
import { errorRatio, quantileOf } from '../queries/requests';
import { identity } from './rollback-rules';

interface BurnRate {
  /** Whether it wakes somebody. */
  readonly raises: 'pages' | 'tickets';
  readonly short: string;
  readonly long: string;
  /** How many times faster than evenly over 30 days the error budget goes. */
  readonly factor: number;
  /** Percent of the month's budget that is gone when it fires. */
  readonly budget: number;
}

/** Multi-window, multi-burn-rate (https://sre.google/workbook/alerting-on-slos/, table 5-8). */
const burnRates: readonly BurnRate[] = [
  { raises: 'pages', short: '5m', long: '1h', factor: 14.4, budget: 2 },
  { raises: 'pages', short: '30m', long: '6h', factor: 6, budget: 5 },
  { raises: 'tickets', short: '2h', long: '1d', factor: 3, budget: 10 },
  { raises: 'tickets', short: '6h', long: '3d', factor: 1, budget: 10 },
];

/** Slowness until somebody is woken: longer than a rollback takes, which mends most of it by itself. */
const slowFor = Duration.minutes(2);

/** Long enough that a service of one request in three seconds has the samples; where all of it is slow, seconds of it show. */
const latencyWindow = '5m';

const ratioOf = (window: string) => `service:error_ratio:rate${window}`;

/** Error ratios over every window that a burn rate looks at, and the 99th percentile where there are requests enough for one. */
export function objectiveRecords(service: ServiceInEnvironment): RuleGroup {
  const selection = selectionOf(service);
  const windows = [...new Set(burnRates.flatMap(({ short, long }) => [short, long]))];
  const labels = { service: service.name, namespace: service.namespace };
  const records = windows.map(
    (window): RecordingRule => ({
      record: ratioOf(window),
      expr: errorRatio(serviceRequests(selection, window)),
      labels,
    }),
  );
  const latency = {
    record: 'service:latency_seconds:p99',
    // Of fewer requests the slowest alone would decide, and wake somebody.
    expr: quantileOf(serviceRequests(selection, latencyWindow), 0.99, percentileSamples),
    labels,
  };
  return {
    name: `${service.name}-objectives-records`,
    intervalSeconds: 30,
    rules: [...records, latency],
  };
}

/** Pages and tickets: the service's promise over a month, and its latency now. Whether the canary or the primary breaks it. */
export function objectiveAlerts(service: ServiceInEnvironment): RuleGroup {
  return {
    name: `${service.name}-objectives`,
    intervalSeconds: 30,
    rules: [...burnRates.map((rate) => burning(service, rate)), slow(service), absent(service)],
  };
}

export function selectionOf(service: ServiceInEnvironment): ServiceSelection {
  return { family: service.metrics, namespace: service.namespace, service: service.name };
}

function series(service: ServiceInEnvironment, record: string): string {
  return `${record}{service="${service.name}",namespace="${service.namespace}"}`;
}

function burning(service: ServiceInEnvironment, { raises, short, long, factor, budget }: BurnRate): AlertingRule {
  const limit = Number((factor * (1 - service.objectives.availability)).toPrecision(6));
  return AlertingRule[raises]({
    alert: 'ErrorBudgetBurn',
    expr: `${series(service, ratioOf(short))} > ${limit} and ${series(service, ratioOf(long))} > ${limit}`,
    labels: { ...identity(service), window: long },
    annotations: {
      summary: `${service.name} in ${service.environment} fails too many requests`,
      description: `More than ${round(limit * 100)} % over ${short} and over ${long}: ${budget} % of the month's error budget (${round((1 - service.objectives.availability) * 100)} %) goes in ${long}. If a release went out before it began: bowline rollback ${service.name} --env ${service.environment}.`,
    },
  });
}

function slow(service: ServiceInEnvironment): AlertingRule {
  const limit = service.objectives.p99Seconds;
  return AlertingRule.pages({
    alert: 'LatencyHigh',
    expr: `${series(service, 'service:latency_seconds:p99')} > ${limit}`,
    for: slowFor,
    labels: identity(service),
    annotations: {
      summary: `${service.name} in ${service.environment} is slow`,
      description: `The 99th percentile over ${latencyWindow} is over ${limit * 1000} ms since ${slowFor.toMinutes()}m. A release that does this is taken back by itself; if none is on its way, look at the traces behind the dashboard's exemplars.`,
    },
  });
}

function absent(service: ServiceInEnvironment): AlertingRule {
  return AlertingRule.pages({
    alert: 'MetricsMissing',
    expr: `absent(up{namespace="${service.namespace}",job="${service.name}-primary"} == 1)`,
    for: Duration.minutes(5),
    labels: identity(service),
    annotations: {
      summary: `${service.name} in ${service.environment} can not be watched`,
      description:
        'Prometheus reaches no pod of the primary: no objective and no release of this service can be judged. Look at the pods first, then at the ServiceMonitor.',
    },
  });
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
