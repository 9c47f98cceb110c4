import { slowRollbackAlert } from '../../../../charts/rules/definitions/pd017-slow-rollback-alert';
import { findings, onlyFinding } from '../valid-manifests';

const rules = (
  wait: string,
  labels = '{ action: rollback }',
  interval = 'interval: 5s',
) => `apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: { name: web, namespace: shop }
spec:
  groups:
    - name: web
      ${interval}
      rules:
        - alert: CanaryErrors
          expr: x > 1
          for: ${wait}
          labels: ${labels}
`;

test('a rollback rule with "for" is an error', () => {
  expect(onlyFinding(slowRollbackAlert, rules('1m'))).toMatchObject({
    level: 'error',
    at: 'for: 1m',
    message: expect.stringContaining('only after 60 s'),
  });
  expect(findings(slowRollbackAlert, rules('0s'))).toEqual([]);
  expect(findings(slowRollbackAlert, rules('1m', '{ severity: page }'))).toEqual([]);
});

test('a rollback rule that is rarely evaluated is a warning at its group', () => {
  expect(onlyFinding(slowRollbackAlert, rules('0s', undefined, 'interval: 1m'))).toMatchObject({
    level: 'warning',
    at: 'interval: 1m',
    message: expect.stringContaining('evaluated every 60 s'),
  });
  expect(onlyFinding(slowRollbackAlert, rules('0s', undefined, 'limit: 9')).message).toContain('every 30 s by default');
  expect(findings(slowRollbackAlert, rules('0s', '{ severity: page }', 'interval: 1m'))).toEqual([]);
});

const alertmanager = (route: string) => `route:
  receiver: nobody
  routes:
    - ${route}
receivers: [{ name: nobody }, { name: agent }]
`;
const matchers = `matchers: ['action="rollback"']`;

test('a rollback route that waits is an error, and the default is 30 s', () => {
  expect(onlyFinding(slowRollbackAlert, alertmanager(`{ receiver: agent, ${matchers} }`)).message).toContain(
    'waits 30 s by default',
  );
  expect(
    onlyFinding(slowRollbackAlert, alertmanager(`{ receiver: agent, ${matchers}, group_wait: 5s }`)).message,
  ).toContain('waits 5 s');
  expect(findings(slowRollbackAlert, alertmanager(`{ receiver: agent, ${matchers}, group_wait: 0s }`))).toEqual([]);
  expect(findings(slowRollbackAlert, alertmanager('{ receiver: agent, matchers: [\'severity="page"\'] }'))).toEqual([]);
});

test('a file inside a Secret, and an AlertmanagerConfig, are checked too', () => {
  const inside = alertmanager(`{ receiver: agent, ${matchers} }`).replaceAll('\n', '\n    ');
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: alertmanager }\nstringData:\n  alertmanager.yaml: |\n    ${inside}`;
  expect(onlyFinding(slowRollbackAlert, secret).field).toBe('stringData.alertmanager.yaml');
  const config = `apiVersion: monitoring.coreos.com/v1alpha1\nkind: AlertmanagerConfig\nmetadata: { name: web }\nspec:\n  route: { receiver: rollback, groupWait: 10s }\n`;
  expect(onlyFinding(slowRollbackAlert, config).message).toContain('groupWait: 0s');
});
