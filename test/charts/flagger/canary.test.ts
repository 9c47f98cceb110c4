import { App, Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { type BlueGreenProps, Canary, type GatewayApiProps } from '../../../charts/flagger/canary';
import { StepWeights } from '../../../charts/flagger/step-weights';
import { ThresholdRange } from '../../../charts/flagger/threshold-range';
import { Webhook } from '../../../charts/flagger/webhook';
import { synthesizeObject, valueAt } from '../synthesize-object';

const common = {
  metadata: { name: 'web', namespace: 'shop' },
  port: 8080,
  progressDeadline: Duration.seconds(45),
  interval: Duration.seconds(10),
  threshold: 3,
};
const weighted = (scope: Construct, overrides: Partial<GatewayApiProps> = {}) =>
  Canary.gatewayApi(scope, 'Canary', {
    ...common,
    hostname: 'web.example.com',
    gateway: { name: 'public', namespace: 'gateway' },
    steps: StepWeights.of(5, 50),
    ...overrides,
  });
const blueGreen = (scope: Construct, overrides: Partial<BlueGreenProps> = {}) =>
  Canary.blueGreen(scope, 'Canary', { ...common, iterations: 8, ...overrides });
const specOf = (addObject: (scope: Construct) => unknown) => synthesizeObject(addObject).spec;
const errors = {
  name: 'errors',
  template: 'web-errors',
  range: ThresholdRange.max(1),
  window: Duration.seconds(20),
};

test('releases the Deployment of its name with the autoscaler of its name', () => {
  expect(specOf((scope) => weighted(scope))).toMatchObject({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' },
    revertOnDeletion: true,
  });
});

test('shifts traffic by weights, through a route at a Gateway', () => {
  const object = specOf((scope) => weighted(scope));
  expect(object).toMatchObject({ provider: 'gatewayapi:v1', service: { hosts: ['web.example.com'] } });
  expect(valueAt(object, '/analysis')).toMatchObject({ stepWeights: [5, 50] });
  expect(valueAt(object, '/analysis')).not.toHaveProperty('iterations');
});

test('moves all traffic at once after its iterations, without a host', () => {
  const object = specOf((scope) => blueGreen(scope));
  expect(object).toMatchObject({ provider: 'kubernetes', analysis: { iterations: 8 } });
  expect(valueAt(object, '/analysis')).not.toHaveProperty('stepWeights');
  expect(valueAt(object, '/service')).toEqual({ port: 8080, targetPort: 8080, portName: 'http' });
});

test('checks metrics of templates in its namespace, each over a window', () => {
  const object = specOf((scope) => weighted(scope).addMetric({ ...errors, variables: { path: '/' } }));
  expect(valueAt(object, '/analysis/metrics')).toEqual([
    {
      name: 'errors',
      interval: '20s',
      templateRef: { name: 'web-errors', namespace: 'shop' },
      thresholdRange: { max: 1 },
      templateVariables: { path: '/' },
    },
  ]);
});

test('lists webhooks and alerts in order, and has no such fields without them', () => {
  const withoutWebhooks = specOf((scope) => weighted(scope));
  expect(Object.keys(valueAt(withoutWebhooks, '/analysis') as object)).toEqual([
    'interval',
    'metrics',
    'stepWeights',
    'threshold',
  ]);
  const object = specOf((scope) => {
    const canary = weighted(scope);
    canary.addWebhook(Webhook.rollback('alerts', 'http://agent/rollback'));
    canary.addWebhook(Webhook.postRollout('outcome', 'http://agent/outcomes'));
    canary.addAlert({ name: 'team', severity: 'error', provider: 'team-chat' });
  });
  expect((valueAt(object, '/analysis/webhooks') as readonly { name: string }[]).map(({ name }) => name)).toEqual([
    'alerts',
    'outcome',
  ]);
  expect(valueAt(object, '/analysis/alerts')).toEqual([
    { name: 'team', severity: 'error', providerRef: { name: 'team-chat', namespace: 'shop' } },
  ]);
});

test('without metrics, synthesis fails, because Flagger would promote every release', () => {
  const chart = new Chart(new App({ outdir: '' }), 'chart');
  const canary = weighted(chart);
  expect(() => chart.toJson()).toThrow("'metrics' of the Canary web must contain at least one metric, got: none");
  canary.addMetric(errors);
  expect(() => chart.toJson()).not.toThrow();
});

test.each([
  [{ interval: Duration.seconds(9) }, "'interval' must be whole seconds, at least 10s, got: 9s"],
  [{ interval: Duration.millis(10_500) }, "'interval' must be whole seconds, at least 10s, got: 10.5s"],
  [{ threshold: 0 }, "'threshold' must be a whole number of at least 1, got: 0"],
  [{ threshold: 1.5 }, "'threshold' must be a whole number of at least 1, got: 1.5"],
  [{ progressDeadline: Duration.seconds(0) }, "'progressDeadline' must be a whole number of at least 1, got: 0"],
])('rejects %j', (overrides, message) => {
  expect(() => synthesizeObject((scope) => weighted(scope, overrides))).toThrow(message);
});

test.each([0, 2.5])('rejects %d iterations', (iterations) => {
  expect(() => synthesizeObject((scope) => blueGreen(scope, { iterations }))).toThrow(
    `'iterations' must be a whole number of at least 1, got: ${iterations}`,
  );
});

test('rejects an empty window', () => {
  expect(() =>
    synthesizeObject((scope) => weighted(scope).addMetric({ ...errors, window: Duration.seconds(0) })),
  ).toThrow("'window' must be whole seconds, at least 1s, got: 0s");
});
