import { monitoringFiles } from '../../../lab/monitoring/sync-monitors';

const state = '/tmp/bowline/lab';
const monitor = (name: string, extra: object = {}) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'ServiceMonitor',
  metadata: { name, namespace: 'shop' },
  spec: { selector: { matchLabels: { app: name } }, endpoints: [{ port: 'http' }], ...extra },
});
const rule = (name: string) => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name, namespace: 'shop' },
  spec: { groups: [{ name, rules: [{ alert: 'A', expr: 'vector(1)' }] }] },
});

test('the order in which objects are seen changes nothing', () => {
  const [a, b] = [monitor('a'), monitor('b')];
  expect(monitoringFiles(state, '/k', [a, b], [rule('x'), rule('y')])).toEqual(
    monitoringFiles(state, '/k', [b, a], [rule('y'), rule('x')]),
  );
});

test('a rule becomes a file of its own, with the groups as they are', () => {
  const { rules } = monitoringFiles(state, '/k', [], [rule('errors')]);
  expect([...rules.keys()]).toEqual(['shop-errors.yml']);
  expect(JSON.parse(rules.get('shop-errors.yml') ?? '')).toEqual({ groups: rule('errors').spec.groups });
});

test('a monitor that is not understood is told, and does not keep the others from being scraped', () => {
  const files = monitoringFiles(state, '/k', [monitor('good'), monitor('odd', { sampleLimit: 5 })], []);
  expect(files.problems).toEqual(['ServiceMonitor shop/odd says spec.sampleLimit, which the lab does not understand']);
  const jobs = (JSON.parse(files.configuration) as { scrape_configs: { job_name: string }[] }).scrape_configs.map(
    ({ job_name }) => job_name,
  );
  expect(jobs).toContain('serviceMonitor/shop/good/0');
  expect(jobs).not.toContain('serviceMonitor/shop/odd/0');
});
