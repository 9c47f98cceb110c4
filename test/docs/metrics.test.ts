import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type MetricsPreset, metricsPresets, type ServiceMetrics } from '../../lib/catalog';
import { judge, missingMetrics } from '../charts/judgement';
import { namedMetrics, type SituationName, situations } from '../charts/metric-situations';

const docs = join(__dirname, '..', '..', 'docs');

/** Replaces a generated part of a page, if the pages are to be written. */
function expectGenerated(page: string, part: string, text: string): void {
  const path = join(docs, page);
  const fresh = readFileSync(path, 'utf8').replace(
    new RegExp(`<!-- generated: ${part} -->[\\s\\S]*?<!-- end -->`),
    () => `<!-- generated: ${part} -->\n\n${text}\n<!-- end -->`,
  );
  if (process.env.BOWLINE_WRITE_GENERATED === '1') {
    writeFileSync(path, fresh);
  }
  expect(readFileSync(path, 'utf8')).toBe(fresh);
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |\n`).join('');

test('docs/how-to/service-metrics.md lists the names of every preset', () => {
  const rows = Object.entries(metricsPresets).map(([name, preset]: readonly [string, MetricsPreset]) => [
    `\`${name}\``,
    preset.library,
    `\`${preset.requests ?? `${preset.duration}_count`}\``,
    `\`${preset.duration}\``,
    `\`${preset.status}\``,
  ]);
  expectGenerated(
    'how-to/service-metrics.md',
    'presets of metrics',
    table(['Preset', 'Library', 'Requests', 'Durations', 'Label of the status'], rows),
  );
});

test('docs/explanation/rollout.md says what each situation of the metrics means', () => {
  const metrics = namedMetrics.client_golang as ServiceMetrics;
  const check = (value: number | undefined, limit: number, text: (value: number) => string) =>
    value === undefined ? 'no value: fails' : `${text(value)}: ${value <= limit ? 'passes' : 'fails'}`;
  const rows = (Object.keys(situations) as SituationName[]).map((name) => {
    const { errors, p99 } = judge(name, metrics);
    const alerts = [
      ...((errors ?? 0) > 0.0144 ? ['`ErrorBudgetBurn`'] : []),
      ...((p99 ?? 0) > 0.5 ? ['`LatencyHigh`'] : []),
      ...(['down', 'vanished', 'nothing'].includes(name) ? ['`MetricsMissing`'] : []),
      ...(missingMetrics(name, metrics).length > 0 ? ['`MetricsIncomplete`'] : []),
    ];
    return [
      situations[name].name,
      check(errors, 0.01, (value) => `${value * 100} %`),
      check(p99, 0.5, (value) => `${value * 1000} ms`),
      alerts.join(', ') || 'none',
    ];
  });
  const head = ['Situation', 'Check of errors', 'Check of the latency', 'Alerts if it is the running version'];
  const silent = ['Prometheus does not answer', 'error: fails', 'error: fails', 'none: nothing evaluates alerts'];
  expectGenerated('explanation/rollout.md', 'situations', table(head, [...rows, silent]));
});
