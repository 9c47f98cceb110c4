import { renderer } from '../../../charts/render';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { parseRendered } from '../render-catalog';

function providersOf(changes: Parameters<typeof serviceOf>[2]): readonly unknown[] {
  const files = renderer.service(serviceOf('hello', 'prod', changes), releaseOf('hello', 'prod', 'one'));
  return parseRendered(files)
    .filter(({ kind }) => kind === 'MetricTemplate')
    .map(({ spec }) => spec.provider);
}

test('a query to a remote Prometheus carries the headers and the Secret of the catalog, in the form that Flagger reads', () => {
  const prometheusAccess = { headers: { 'X-Scope-OrgID': 'acme' }, secret: 'storefront-mimir' };
  const provider = {
    type: 'prometheus',
    address: 'http://mimir.mimir/prometheus',
    headers: { 'X-Scope-OrgID': ['acme'] },
    secretRef: { name: 'storefront-mimir' },
  };
  expect(providersOf({ prometheus: 'http://mimir.mimir/prometheus', prometheusAccess })).toEqual([provider, provider]);
});

test('a query to a Prometheus of the cluster carries neither', () => {
  const provider = { type: 'prometheus', address: 'http://prometheus:9090' };
  expect(providersOf({})).toEqual([provider, provider]);
});
