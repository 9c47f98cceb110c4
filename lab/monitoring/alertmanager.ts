import { alertmanagerConfiguration } from '../../charts/platform/add-ons/alertmanager';
import type { Catalog } from '../../lib/catalog';
import { environmentFile } from '../../lib/ledger';
import { toolPath } from '../../lib/tools';
import { requiredVersion } from '../go-modules';
import { labCatalog } from '../lab-catalog';
import { type Layout, within } from '../layout';
import type { Server } from '../run/component';

/** Has the routes, groups and receivers that `publish` renders for the environment. The webhooks in the catalog are those of the lab's alert receiver. */
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
      // A single instance has no peers.
      '--cluster.listen-address=',
    ],
    files: [{ path: configuration, text: renderAlertmanagerFile(labCatalog()) }],
    ready: { kind: 'http', url: `http://${address}/-/ready` },
    deadlineSeconds: 30,
    graceSeconds: 2,
  };
}

/** Alertmanager's configuration for the only environment of a catalog. JSON is valid YAML. */
export function renderAlertmanagerFile({ platform }: Catalog): string {
  const [environment] = platform.environments;
  if (environment === undefined) {
    throw new Error('the lab’s catalog has no environment');
  }
  return `${JSON.stringify(alertmanagerConfiguration(environmentFile(platform, environment)), undefined, 1)}\n`;
}
