import { App, Chart, Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import { type BlueGreenProps, Canary, type GatewayApiProps } from '../../../charts/flagger/canary';
import { StepWeights } from '../../../charts/flagger/step-weights';
import { ThresholdRange } from '../../../charts/flagger/threshold-range';
import { Webhook } from '../../../charts/flagger/webhook';
import { at, written } from '../synthesize-object';

const common = {
  metadata: { name: 'web', namespace: 'shop' },
  port: 8080,
  progressDeadline: Duration.seconds(45),
  interval: Duration.seconds(10),
  threshold: 3,
};
const weighted = (scope: Construct, own: Partial<GatewayApiProps> = {}) =>
  Canary.gatewayApi(scope, 'Canary', {
    ...common,
    hostname: 'web.example.com',
    gateway: { name: 'public', namespace: 'gateway' },
    steps: StepWeights.of(5, 50),
    ...own,
  });
const blueGreen = (scope: Construct, own: Partial<BlueGreenProps> = {}) =>
  Canary.blueGreen(scope, 'Canary', { ...common, iterations: 8, ...own });
const spec = (make: (scope: Construct) => unknown) => written(make).spec;
const errors = {
  name: 'errors',
  template: 'web-errors',
  range: ThresholdRange.max(1),
  window: Duration.seconds(20),
};

test('releases the Deployment of its name, scaled by the autoscaler of its name', () => {
  expect(spec((scope) => weighted(scope))).toMatchObject({
    targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    autoscalerRef: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', name: 'web' },
    revertOnDeletion: true,
  });
});

test('moves weights at a Gateway, by a route of its host', () => {
  const object = spec((scope) => weighted(scope));
  expect(object).toMatchObject({ provider: 'gatewayapi:v1', service: { hosts: ['web.example.com'] } });
  expect(at(object, '/analysis')).toMatchObject({ stepWeights: [5, 50] });
  expect(at(object, '/analysis')).not.toHaveProperty('iterations');
});

test('moves all at once, blue to green, after so many checks, and knows no host', () => {
  const object = spec((scope) => blueGreen(scope));
  expect(object).toMatchObject({ provider: 'kubernetes', analysis: { iterations: 8 } });
  expect(at(object, '/analysis')).not.toHaveProperty('stepWeights');
  expect(at(object, '/service')).toEqual({ port: 8080, targetPort: 8080, portName: 'http' });
});

test('is judged by templates of its own namespace, each over a window', () => {
  const object = spec((scope) => weighted(scope).judgeBy({ ...errors, variables: { path: '/' } }));
  expect(at(object, '/analysis/metrics')).toEqual([
    {
      name: 'errors',
      interval: '20s',
      templateRef: { name: 'web-errors', namespace: 'shop' },
      thresholdRange: { max: 1 },
      templateVariables: { path: '/' },
    },
  ]);
});

test('calls and alerts whom it is told to, in that order, and says nothing of them otherwise', () => {
  const silent = spec((scope) => weighted(scope));
  expect(Object.keys(at(silent, '/analysis') as object)).toEqual(['interval', 'metrics', 'stepWeights', 'threshold']);
  const object = spec((scope) => {
    const canary = weighted(scope);
    canary.call(Webhook.rollback('alerts', 'http://agent/rollback'));
    canary.call(Webhook.postRollout('outcome', 'http://agent/outcomes'));
    canary.alert({ name: 'team', severity: 'error', provider: 'team-chat' });
  });
  expect((at(object, '/analysis/webhooks') as readonly { name: string }[]).map(({ name }) => name)).toEqual([
    'alerts',
    'outcome',
  ]);
  expect(at(object, '/analysis/alerts')).toEqual([
    { name: 'team', severity: 'error', providerRef: { name: 'team-chat', namespace: 'shop' } },
  ]);
});

test('with nothing to be judged by does not synthesize: it would promote every release', () => {
  const chart = new Chart(new App({ outdir: '' }), 'chart');
  const canary = weighted(chart);
  expect(() => chart.toJson()).toThrow("'metrics' () of the Canary web must name one at least");
  canary.judgeBy(errors);
  expect(() => chart.toJson()).not.toThrow();
});

test.each([
  [{ interval: Duration.seconds(9) }, "'interval' (9s) must be whole seconds, 10s at least"],
  [{ interval: Duration.millis(10_500) }, "'interval' (10.5s) must be whole seconds, 10s at least"],
  [{ threshold: 0 }, "'threshold' (0) must be a whole number of 1 or above"],
  [{ threshold: 1.5 }, "'threshold' (1.5) must be a whole number of 1 or above"],
  [{ progressDeadline: Duration.seconds(0) }, "'progressDeadline' (0) must be a whole number of 1 or above"],
])('refuses %j', (own, message) => {
  expect(() => written((scope) => weighted(scope, own))).toThrow(message);
});

test.each([0, 2.5])('refuses %d checks before all traffic moves', (iterations) => {
  expect(() => written((scope) => blueGreen(scope, { iterations }))).toThrow(
    `'iterations' (${iterations}) must be a whole number of 1 or above`,
  );
});

test('refuses a window that no query could look back over', () => {
  expect(() => written((scope) => weighted(scope).judgeBy({ ...errors, window: Duration.seconds(0) }))).toThrow(
    "'window' (0s) must be whole seconds, 1s at least",
  );
});
