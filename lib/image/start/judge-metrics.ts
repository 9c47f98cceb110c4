import { metricsPresets } from '../../catalog';
import { describeAnswer, type StartFinding } from './start-finding';
import type { StartPlan } from './start-plan';
import type { FoundMetric, StartReport } from './start-report';

type Scrape = NonNullable<StartReport['metrics']>;

/** Compares the metrics of a service with those that the catalog judges its releases by. */
export function metricFindings(
  { expected, requests }: StartPlan,
  scrape: Scrape,
): readonly StartFinding<'metrics-missing'>[] {
  const finding = (message: string): StartFinding<'metrics-missing'> => ({ code: 'metrics-missing', message });
  if (scrape.status !== 200) {
    return [
      finding(
        `${describeAnswer(scrape)}, expected 200 and metrics: set metrics.path (and metrics.port) to where they are`,
      ),
    ];
  }
  const lacking = expected.flatMap(({ name, labels }) => {
    const found = scrape.metrics.find((metric) => metric.name === name);
    if (found === undefined) {
      return [describeAbsence(name, scrape.metrics)];
    }
    const missing = labels.filter((label) => !found.labels.includes(label));
    return missing.length === 0
      ? []
      : [`${name} has no label ${missing.join(', ')}, but ${found.labels.join(', ') || 'none'}`];
  });
  if (lacking.length === 0) {
    return [];
  }
  const asked = requests.map(({ path }) => path).join(', ');
  return [finding(`after GET ${asked}: ${lacking.join('; ')}. ${describeRemedy(scrape.metrics)}`)];
}

/** A histogram that is a summary, or has another name. */
function describeAbsence(name: string, metrics: readonly FoundMetric[]): string {
  const family = name.replace(/_bucket$/, '');
  return family !== name && metrics.some((metric) => metric.name === family && metric.type === 'summary')
    ? `${family} is a summary, whose quantiles cannot be combined over pods: a histogram is needed`
    : `there is no ${name}`;
}

function describeRemedy(metrics: readonly FoundMetric[]): string {
  const preset = Object.entries(metricsPresets).find(([, names]) => matchesPreset(names, metrics))?.[0];
  if (preset !== undefined) {
    return `The names are those of the preset ${preset}: set metrics: ${preset}`;
  }
  const own = ownMetrics(metrics);
  return own.length === 0
    ? 'The service exports no metrics of its own: count its requests and measure their durations, see docs/explanation/rollout.md'
    : `The service exports ${own.join(', ')}: set metrics.requests, metrics.duration and metrics.status to its names, or add requests that produce the metrics to start.requests`;
}

function matchesPreset(
  { requests, duration, status }: { readonly requests?: string; readonly duration: string; readonly status: string },
  metrics: readonly FoundMetric[],
): boolean {
  const counter = metrics.find(({ name }) => name === (requests ?? `${duration}_count`));
  return counter?.labels.includes(status) === true && metrics.some(({ name }) => name === `${duration}_bucket`);
}

const maxListed = 12;

/** Names with their labels, without those that every Go program has, and one name per histogram. */
function ownMetrics(metrics: readonly FoundMetric[]): readonly string[] {
  const own = metrics
    .filter(
      ({ name }) => !/^(?:go|process|promhttp|target|otel_scope)_/.test(name) && !/_(?:bucket|sum|created)$/.test(name),
    )
    .map(({ name, labels, type }) =>
      type === 'histogram' || type === 'summary'
        ? `${name.replace(/_count$/, '')} (${type}${labels.length > 0 ? `; ${labels.join(', ')}` : ''})`
        : `${name}${labels.length > 0 ? `{${labels.join(', ')}}` : ''}`,
    );
  return own.length > maxListed ? [...own.slice(0, maxListed), `and ${own.length - maxListed} more`] : own;
}
