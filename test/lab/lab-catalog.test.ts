import { repositoryUrl } from '../../lab/git/repositories';
import { labCatalog } from '../../lab/lab-catalog';
import { layoutOf } from '../../lab/layout';
import { prometheusUrl } from '../../lab/monitoring/prometheus';

test('the addresses in the lab’s catalog are those of the layout', () => {
  const layout = layoutOf('/tmp/lab');
  const { registry, ledger, delivery } = labCatalog().platform;
  expect({ registry, ledger: ledger.repository, prometheus: delivery.prometheus }).toEqual({
    registry: `127.0.0.1:${layout.ports.registry}`,
    ledger: repositoryUrl(layout, 'ledger'),
    prometheus: prometheusUrl(layout),
  });
});
