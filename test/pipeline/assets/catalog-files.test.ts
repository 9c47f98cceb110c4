import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Catalog, loadCatalog, requireService, serviceInEnvironment } from '../../../lib/catalog';
import { policyFor } from '../../../lib/gate';
import { CatalogFiles } from '../../../lib/pipeline/assets/catalog-files';
import { exampleCatalog, synthesize } from '../synthesize';

let directory: string;
beforeEach(() => {
  directory = join(mkdtempSync(join(tmpdir(), 'bowline-test-')), 'catalog');
  cpSync(exampleCatalog, directory, { recursive: true });
  write('services/orders.yaml', service('orders', 'checkout', 'network: { from: [hello], to: [{ service: stock }] }'));
  write('services/stock.yaml', service('stock', 'warehouse', 'network: { to: [{ service: hello }] }'));
  write('accepted-risks.yaml', risks('orders', 'stock', undefined));
});
afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

const write = (path: string, text: string) => writeFileSync(join(directory, path), text);
const service = (name: string, team: string, more = '') =>
  `version: 1\nname: ${name}\nteam: ${team}\nsource: { repository: acme/${name} }\n${more}\n`;
const risks = (...services: readonly (string | undefined)[]) =>
  JSON.stringify({
    version: 1,
    risks: services.map((name, index) => ({
      id: `CVE-2026-${1000 + index}`,
      package: 'golang.org/x/net',
      ...(name === undefined ? {} : { service: name }),
      reason: 'the function is never called',
      owner: 'checkout',
      expires: '2027-01-31',
    })),
  });

const partOf = (name: string, catalog = loadCatalog(directory)) =>
  new CatalogFiles(directory).of(
    requireService(catalog, name),
    new Map(catalog.services.map((each) => [each.name, each])),
  );

describe('what concerns a service', () => {
  test('is a valid catalog, which says the same about the service as the whole one', () => {
    const whole = loadCatalog(directory);
    const resolved = (catalog: Catalog, name: string) => ({
      inEnvironments: catalog.platform.environments.map((environment) =>
        serviceInEnvironment(
          catalog.platform,
          requireService(catalog, name),
          environment,
          new Map(catalog.services.map((each) => [each.name, each.team])),
        ),
      ),
      policy: policyFor(catalog.platform.findings, catalog.acceptedRisks ?? [], name),
      service: requireService(catalog, name),
      platform: catalog.platform,
    });
    for (const name of ['hello', 'orders', 'stock']) {
      expect(resolved(loadCatalog(partOf(name).path), name)).toEqual(resolved(whole, name));
    }
  });

  test('contains the own file as it is, and of other services only name, team and source', () => {
    const { path } = partOf('orders');
    expect(readFileSync(join(path, 'services/orders.yaml'), 'utf8')).toBe(
      readFileSync(join(directory, 'services/orders.yaml'), 'utf8'),
    );
    expect(JSON.parse(readFileSync(join(path, 'services/stock.yaml'), 'utf8'))).toEqual({
      version: 1,
      name: 'stock',
      team: 'warehouse',
      source: { repository: 'acme/stock' },
    });
  });

  test('has the own file also where its name is that of a peer', () => {
    rmSync(join(directory, 'services', 'orders.yaml'));
    rmSync(join(directory, 'services', 'stock.yaml'));
    write('services/stock.yaml', service('orders', 'checkout', 'network: { from: [hello], to: [{ service: stock }] }'));
    write('services/orders.yaml', service('stock', 'warehouse'));
    const part = loadCatalog(partOf('orders').path);
    expect(requireService(part, 'orders')).toEqual(requireService(loadCatalog(directory), 'orders'));
    expect(requireService(part, 'stock').team).toBe('warehouse');
  });

  test.each<readonly [string, string, string, readonly string[]]>([
    ['a field of a service', 'services/stock.yaml', service('stock', 'warehouse', 'port: 9000'), ['stock']],
    ['the team of a service', 'services/stock.yaml', service('stock', 'logistics'), ['orders', 'stock']],
    ['a risk of a service', 'accepted-risks.yaml', risks('stock', 'stock', undefined), ['orders', 'stock']],
    ['one more risk of a service', 'accepted-risks.yaml', risks('orders', 'stock', undefined, 'stock'), ['stock']],
    ['a risk of all services', 'accepted-risks.yaml', risks('orders', 'stock'), ['hello', 'orders', 'stock']],
    ['one more service', 'services/new.yaml', service('new', 'checkout'), []],
    ['a public key', 'keys/production.pub', 'a key', ['hello', 'orders', 'stock']],
  ])('changes with %s only for the services that it concerns', (_, path, text, changed) => {
    const hashes = () => ['hello', 'orders', 'stock'].map((name) => [name, partOf(name).hash] as const);
    const before = new Map(hashes());
    mkdirSync(join(directory, 'keys'), { recursive: true });
    write(path, text);
    expect(hashes().flatMap(([name, hash]) => (before.get(name) === hash ? [] : [name]))).toEqual(changed);
  });
});

describe('a change of the catalog', () => {
  const templates = () =>
    new Map(
      [...synthesize({ catalog: directory }).templates].map(([name, { Resources }]) => [
        name,
        new Map(Object.entries(Resources).map(([id, resource]) => [id, JSON.stringify(resource)])),
      ]),
    );

  /** The resources that differ, by stack. */
  const changesBy = (change: () => void) => {
    const before = templates();
    change();
    return Object.fromEntries(
      [...templates()].flatMap(([stack, resources]) => {
        const changed = [...resources].filter(([id, text]) => before.get(stack)?.get(id) !== text).map(([id]) => id);
        return changed.length === 0 ? [] : [[stack, changed]];
      }),
    );
  };

  test('in one service changes the template of that service, and the daily rescan, which reads all', () => {
    const { 'acme-platform': rescan = [], ...others } = changesBy(() =>
      write('services/stock.yaml', service('stock', 'warehouse', 'port: 9000')),
    );
    expect(Object.keys(others)).toEqual(['acme-service-stock']);
    expect(rescan).toEqual([expect.stringMatching(/^RescanRole/), expect.stringMatching(/^Rescan[0-9A-F]{8}$/)]);
  });

  test('in platform.yaml changes the template of every service', () => {
    const platform = join(directory, 'platform.yaml');
    const changed = changesBy(() => writeFileSync(platform, `${readFileSync(platform, 'utf8')}# a comment\n`));
    expect(Object.keys(changed)).toEqual(
      expect.arrayContaining(['acme-service-hello', 'acme-service-orders', 'acme-service-stock']),
    );
  });
});
