import { alertmanagerConfiguration } from '../../charts/platform/add-ons/alertmanager';
import type { Catalog } from '../../lib/catalog';
import { environmentFile } from '../../lib/ledger';
import { toolPath } from '../../lib/tools';
import { requiredVersion } from '../go-modules';
import { labCatalog } from '../lab-catalog';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** Routes, groups and receivers are those that `publish` writes for the environment; the catalog's webhooks lead to the lab's own receiver. */
export function alertmanager(layout: Layout): Server {
  const configuration = within(layout, 'config', 'alertmanager.json');
  const address = `${layout.node.address}:${layout.ports.alertmanager}`;
  return {
    kind: 'server',
    name: 'alertmanager',
    version: requiredVersion('alertmanager', 'github.com/prometheus/alertmanager'),
    needs: ['network', 'alert-receiver'],
    program: toolPath('alertmanager'),
    arguments: [
      `--config.file=${configuration}`,
      `--storage.path=${within(layout, 'alertmanager')}`,
      `--web.listen-address=${address}`,
      // One alone: it looks for no peers.
      '--cluster.listen-address=',
    ],
    files: [{ path: configuration, text: alertmanagerFile(labCatalog()) }],
    ready: { kind: 'http', url: `http://${address}/-/ready` },
    deadlineSeconds: 30,
    graceSeconds: 2,
  };
}

/** Alertmanager's configuration for the one environment of a catalog. JSON, which is YAML too. */
export function alertmanagerFile({ platform }: Catalog): string {
  const [environment] = platform.environments;
  if (environment === undefined) {
    throw new Error('the lab’s catalog has no environment');
  }
  return `${JSON.stringify(alertmanagerConfiguration(environmentFile(platform, environment)), undefined, 1)}\n`;
}
