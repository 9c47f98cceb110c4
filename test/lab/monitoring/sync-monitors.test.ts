import { monitoringFiles } from '../../../lab/monitoring/sync-monitors';

const input = { state: '/tmp/bowline/lab', kubeconfig: '/k' };
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

test('the order of objects does not change the files', () => {
  const [a, b] = [monitor('a'), monitor('b')];
  expect(monitoringFiles({ ...input, monitors: [a, b], rules: [rule('x'), rule('y')] })).toEqual(
    monitoringFiles({ ...input, monitors: [b, a], rules: [rule('y'), rule('x')] }),
  );
});

test('writes each PrometheusRule to its own file, with its groups unchanged', () => {
  const { rules } = monitoringFiles({ ...input, monitors: [], rules: [rule('errors')] });
  expect([...rules.keys()]).toEqual(['shop-errors.yml']);
  expect(JSON.parse(rules.get('shop-errors.yml') ?? '')).toEqual({ groups: rule('errors').spec.groups });
});

test('reports an unsupported monitor, and scrapes the others', () => {
  const files = monitoringFiles({
    ...input,
    monitors: [monitor('good'), monitor('odd', { sampleLimit: 5 })],
    rules: [],
  });
  expect(files.problems).toEqual(['ServiceMonitor shop/odd has spec.sampleLimit, which the lab does not support']);
  const jobs = (JSON.parse(files.configuration) as { scrape_configs: { job_name: string }[] }).scrape_configs.map(
    ({ job_name }) => job_name,
  );
  expect(jobs).toContain('serviceMonitor/shop/good/0');
  expect(jobs).not.toContain('serviceMonitor/shop/odd/0');
});
