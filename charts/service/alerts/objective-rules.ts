import { Duration } from 'cdk8s';
import { describeFailures, type ServiceInEnvironment } from '../../../lib/catalog';
import { percentileSamples, type RolloutPlan } from '../../../lib/rollout';
import { AlertingRule } from '../../prometheus/alerting-rule';
import type { RecordingRule, RuleGroup } from '../../prometheus/prometheus-rule';
import { type ServiceSelection, serviceRequests } from '../../queries/objective-queries';
import { errorRatio, quantileWithSamples } from '../../queries/requests';
import { metricsIncomplete } from './metrics-incomplete';
import { alertLabels, bowlineCommand, undoPrimary } from './rollback-rules';

/** An alert on how fast the error budget is consumed. */
interface BurnRate {
  readonly severity: 'page' | 'ticket';
  readonly shortWindow: string;
  readonly longWindow: string;
  /** How many times faster than evenly over 30 days the error budget is consumed. */
  readonly factor: number;
  /** Percent of the monthly budget that is consumed within the long window. */
  readonly budgetPercent: number;
}

/** Multi-window, multi-burn-rate alerts (https://sre.google/workbook/alerting-on-slos/, table 5-8). */
const burnRates: readonly BurnRate[] = [
  { severity: 'page', shortWindow: '5m', longWindow: '1h', factor: 14.4, budgetPercent: 2 },
  { severity: 'page', shortWindow: '30m', longWindow: '6h', factor: 6, budgetPercent: 5 },
  { severity: 'ticket', shortWindow: '2h', longWindow: '1d', factor: 3, budgetPercent: 10 },
  { severity: 'ticket', shortWindow: '6h', longWindow: '3d', factor: 1, budgetPercent: 10 },
];

/** How long a service must be slow before it pages: longer than a rollback takes, because a rollback ends most slowness. */
const slowFor = Duration.minutes(2);

/** How long the primary must be unreachable for Prometheus before it pages. */
const missingFor = Duration.minutes(5);

/** Long enough for a service with one request in three seconds to have enough samples. If all requests are slow, seconds suffice to show it. */
const latencyWindow = '5m';

const latencyRecord = 'service:latency_seconds:p99';

const errorRatioRecord = (window: string) => `service:error_ratio:rate${window}`;

/** Records the error ratio over every window of the burn rates, and the 99th percentile where there are enough requests for one. */
export function objectiveRecords(service: ServiceInEnvironment): RuleGroup {
  const selection = selectServiceRequests(service);
  const windows = [...new Set(burnRates.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]))];
  const labels = { service: service.name, namespace: service.namespace };
  const errorRatios = windows.map(
    (window): RecordingRule => ({
      record: errorRatioRecord(window),
      expr: errorRatio(serviceRequests(selection, window)),
      labels,
    }),
  );
  const latency = {
    record: latencyRecord,
    // With fewer requests, the slowest one alone would decide, and page.
    expr: quantileWithSamples(serviceRequests(selection, latencyWindow), 0.99, percentileSamples),
    labels,
  };
  return {
    name: `${service.name}-objectives-records`,
    intervalSeconds: 30,
    rules: [...errorRatios, latency],
  };
}

/** Alerts on the objectives: the error budget of a month, and the latency now. They cover the traffic of canary and primary. */
export function objectiveAlerts(service: ServiceInEnvironment, plan: RolloutPlan): RuleGroup {
  return {
    name: `${service.name}-objectives`,
    intervalSeconds: 30,
    rules: [
      ...burnRates.map((rate) => errorBudgetBurn(service, rate)),
      latencyHigh(service, plan),
      metricsMissing(service),
      ...metricsIncomplete(service),
    ],
  };
}

/** Selects all requests to a service. */
export function selectServiceRequests(service: ServiceInEnvironment): ServiceSelection {
  return { metrics: service.metrics, namespace: service.namespace, service: service.name };
}

function errorBudgetBurn(service: ServiceInEnvironment, rate: BurnRate): AlertingRule {
  const { severity, shortWindow, longWindow, factor, budgetPercent } = rate;
  const { name, environment } = service;
  const budget = 1 - service.objectives.availability;
  const limit = Number((factor * budget).toPrecision(6));
  const limitPercent = round(limit * 100);
  const recorded = (window: string) => recordedSeries(service, errorRatioRecord(window));
  return AlertingRule[severity]({
    alert: 'ErrorBudgetBurn',
    expr: `${recorded(shortWindow)} > ${limit} and ${recorded(longWindow)} > ${limit}`,
    labels: { ...alertLabels(service), window: longWindow },
    annotations: {
      summary: `${name} in ${environment}: more than ${limitPercent} % of the requests fail`,
      // The value of an expression with `and` is that of its left side: the ratio over the short window.
      description: `{{ humanizePercentage $value }} of the requests failed over the last ${shortWindow}, and more than ${limitPercent} % over the last ${longWindow}; the objective allows ${round(budget * 100)} % over a month. They are the requests ${describeFailures(service.metrics)}. Users see errors. At ${limitPercent} %, the service consumes ${budgetPercent} % of its monthly error budget in ${longWindow}. If a release went out shortly before the errors began, ${bowlineCommand('rollback', service)}. Otherwise, start with the failed requests in the logs (linked from the dashboard).`,
    },
  });
}

function latencyHigh(service: ServiceInEnvironment, { strategy }: RolloutPlan): AlertingRule {
  const { name, environment, namespace } = service;
  const limitSeconds = service.objectives.p99Seconds;
  const limit = `${limitSeconds * 1000} ms`;
  const duringRollout =
    strategy === 'canary'
      ? `Flagger rolls a slow release back within ${service.rollback.budgetSeconds} s, and the percentile falls within ${latencyWindow} after that; if it stays high, the release is not the cause`
      : 'generated requests to the canary count too, and users do not reach it';
  return AlertingRule.page({
    alert: 'LatencyHigh',
    expr: `${recordedSeries(service, latencyRecord)} > ${limitSeconds}`,
    for: slowFor,
    labels: alertLabels(service),
    annotations: {
      summary: `${name} in ${environment}: the 99th percentile latency is over ${limit}`,
      description: `The 99th percentile over ${latencyWindow}, of all requests to primary and canary, has been over ${limit} for ${slowFor.toMinutes()}m. At least one request in a hundred takes longer than that, and users notice it. If a rollout is in progress (kubectl -n ${namespace} get canary ${name}), ${duringRollout}. If a release was promoted shortly before, ${bowlineCommand('rollback', service)}. Otherwise, look at the latency panel of the dashboard: it shows whether the primary or the canary is slow, and links to traces of slow requests.`,
    },
  });
}

function metricsMissing(service: ServiceInEnvironment): AlertingRule {
  const { name, environment, namespace } = service;
  const primary = `${name}-primary`;
  return AlertingRule.page({
    alert: 'MetricsMissing',
    expr: `absent(up{namespace="${namespace}",job="${primary}"} == 1)`,
    for: missingFor,
    labels: alertLabels(service),
    annotations: {
      summary: `${name} in ${environment}: Prometheus reaches no pod of the primary`,
      description: `Prometheus has not scraped any pod of ${primary} for ${missingFor.toMinutes()}m, so no objective and no release of this service can be evaluated. Look at the pods: kubectl -n ${namespace} get pods -l app=${primary}. If no pod is Ready, the service is down for all users: read the pods' events (kubectl -n ${namespace} describe pods -l app=${primary}). If a release was promoted just before, run: ${undoPrimary(service)}; when the pods are Ready, ${bowlineCommand('rollback', service)}. If the pods are Ready, users are served and only the metrics are missing: check the ServiceMonitor ${primary}.`,
    },
  });
}

/** A series that {@link objectiveRecords} records for the service. */
function recordedSeries(service: ServiceInEnvironment, record: string): string {
  return `${record}{service="${service.name}",namespace="${service.namespace}"}`;
}

function round(value: number): number {
  return Number(value.toPrecision(4));
}
