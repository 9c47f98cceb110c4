import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseService, requiredBaseImages, writeRunCatalog } from '../../../lib/local/run/run-catalog';

const catalog = join(__dirname, '..', '..', '..', 'catalog');
const overlay = { bases: {}, registry: '127.0.0.1:5510', ledger: 'file:///ledger.git' };
let scratch: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'bowline-run-catalog-'));
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function serviceFile(name: string, text: string): string {
  const path = join(scratch, name);
  writeFileSync(path, text);
  return path;
}

const shop = (more = '') => `version: 1\nname: shop\nteam: storefront\nsource: { repository: acme/shop }\n${more}`;

describe('the service of a run', () => {
  test('is found by its name in the catalog', () => {
    expect(chooseService(catalog, 'hello', undefined).service.name).toBe('hello');
  });

  test('is read from a service file, with the platform of the catalog', () => {
    const { platform, service } = chooseService(catalog, undefined, serviceFile('any.yaml', shop()));
    expect([platform.name, service.name]).toEqual(['acme', 'shop']);
  });

  test('reports errors with the path of the service file', () => {
    const file = serviceFile('any.yaml', shop('prot: 80\n'));
    expect(() => chooseService(catalog, undefined, file)).toThrow(/any\.yaml:5:1 prot: .*port/);
    expect(() => chooseService(catalog, undefined, file)).not.toThrow(/alone/);
  });

  test.each([
    ['neither a name nor a file', undefined, undefined, 'no service: expected bowline run <service>'],
    [
      'a file that does not exist',
      undefined,
      '/nowhere/shop.yaml',
      'the service file /nowhere/shop.yaml does not exist',
    ],
    ['an unknown name', 'helo', undefined, 'hello'],
  ])('is required: %s', (_, name, file, message) => {
    expect(() => chooseService(catalog, name, file)).toThrow(message);
  });

  test('must have the given name', () => {
    expect(() => chooseService(catalog, 'hello', serviceFile('shop.yaml', shop()))).toThrow(
      'describes shop, not hello',
    );
  });
});

describe('the catalog of a run', () => {
  test('has the registry and the ledger of this machine, and no credential', () => {
    const { platform } = writeRunCatalog({ from: catalog, to: join(scratch, 'catalog'), overlay });
    expect(platform.registry).toBe('127.0.0.1:5510');
    expect(platform.ledger.repository).toBe('file:///ledger.git');
    expect(platform.ledger.credential).toBeUndefined();
  });

  test("has the service file in place of the catalog's service of that name", () => {
    const file = serviceFile('mine.yaml', shop().replace('shop', 'hello'));
    const { services } = writeRunCatalog({ from: catalog, to: join(scratch, 'catalog'), overlay, extraService: file });
    expect(services.map(({ name, source }) => [name, source.repository])).toEqual([['hello', 'acme/shop']]);
  });

  test('keeps nothing of the previous run', () => {
    const to = join(scratch, 'catalog');
    mkdirSync(join(to, 'services'), { recursive: true });
    writeFileSync(join(to, 'services', 'old.yaml'), 'old');
    writeRunCatalog({ from: catalog, to, overlay, extraService: serviceFile('any.yaml', shop()) });
    expect(readdirSync(join(to, 'services')).sort()).toEqual(['hello.yaml', 'shop.yaml']);
    expect(readFileSync(join(to, 'services', 'shop.yaml'), 'utf8')).toBe(shop());
  });
});

describe('the base images of a run', () => {
  test.each([
    ['', ['builder', 'static']],
    ['build: { cgo: true }\n', ['builderCgo', 'glibc']],
    ['build: { debugTools: true }\n', ['builder', 'alpine']],
  ])('depend on the build settings of the service: %j', (more, bases) => {
    const { service } = chooseService(catalog, undefined, serviceFile('any.yaml', shop(more)));
    expect([...requiredBaseImages(service)].sort()).toEqual([...bases].sort());
  });

  test('with musl are an error', () => {
    const { service: plain } = chooseService(catalog, undefined, serviceFile('any.yaml', shop()));
    const service = { ...plain, build: { ...plain.build, cgo: true, debugTools: true } };
    expect(() => requiredBaseImages(service)).toThrow('needs a builder with musl');
  });
});
