import { Duration } from 'cdk8s';
import { AlertingRule } from '../../../charts/prometheus/alerting-rule';

const props = {
  alert: 'Slow',
  expr: 'p99 > 0.5',
  labels: { service: 'web' },
  annotations: { summary: 'web is slow', description: 'Look at the traces.' },
};

test.each([
  ['a page', AlertingRule.page(props), { service: 'web', severity: 'page' }],
  ['a ticket', AlertingRule.ticket(props), { service: 'web', severity: 'ticket' }],
  ['a rollback', AlertingRule.rollback(props), { service: 'web', severity: 'info', action: 'rollback' }],
])('%s sets the labels by which Alertmanager routes it', (_, rule, labels) => {
  expect(rule.labels).toEqual(labels);
});

test('the factory decides the route, whatever the labels are', () => {
  expect(AlertingRule.page({ ...props, labels: { severity: 'none' } }).labels).toEqual({ severity: 'page' });
});

test.each([
  [Duration.seconds(30), '30s'],
  [Duration.seconds(90), '90s'],
  [Duration.seconds(120), '2m'],
  [Duration.hours(2), '120m'],
])('formats whole minutes as minutes, and everything else as seconds', (duration, text) => {
  expect(AlertingRule.ticket({ ...props, for: duration }).for).toBe(text);
});

test('fires at once without a duration, and has no field `for`', () => {
  expect({ ...AlertingRule.page(props) }).not.toHaveProperty('for');
});

test.each([Duration.seconds(0), Duration.millis(500)])('rejects a duration below a second', (duration) => {
  expect(() => AlertingRule.page({ ...props, for: duration })).toThrow('must be whole seconds, at least 1s');
});
