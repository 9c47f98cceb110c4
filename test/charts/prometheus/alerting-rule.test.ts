import { Duration } from 'cdk8s';
import { AlertingRule } from '../../../charts/prometheus/alerting-rule';

const props = {
  alert: 'Slow',
  expr: 'p99 > 0.5',
  labels: { service: 'web' },
  annotations: { summary: 'web is slow', description: 'Look at the traces.' },
};

test.each([
  ['a page', AlertingRule.pages(props), { service: 'web', severity: 'page' }],
  ['a ticket', AlertingRule.tickets(props), { service: 'web', severity: 'ticket' }],
  ['a rollback', AlertingRule.rollsBack(props), { service: 'web', severity: 'info', action: 'rollback' }],
])('%s is a label that Alertmanager routes by', (_, rule, labels) => {
  expect(rule.labels).toEqual(labels);
});

test('where it goes is for the verb to say, whatever the labels do', () => {
  expect(AlertingRule.pages({ ...props, labels: { severity: 'none' } }).labels).toEqual({ severity: 'page' });
});

test.each([
  [Duration.seconds(30), '30s'],
  [Duration.seconds(90), '90s'],
  [Duration.seconds(120), '2m'],
  [Duration.hours(2), '120m'],
])('waits as long as it should, written as people do', (duration, text) => {
  expect(AlertingRule.tickets({ ...props, for: duration }).for).toBe(text);
});

test('fires at once where nobody says how long, and has no field for it', () => {
  expect({ ...AlertingRule.pages(props) }).not.toHaveProperty('for');
});

test.each([Duration.seconds(0), Duration.millis(500)])('refuses to wait for no time', (duration) => {
  expect(() => AlertingRule.pages({ ...props, for: duration })).toThrow('must be whole seconds, 1s at least');
});
