import fc from 'fast-check';
import {
  appPath,
  isOutputOf,
  ledgerPath,
  manifestPath,
  parseLedgerPath,
  releasePath,
  servicePath,
} from '../../lib/ledger';

const name = fc.stringMatching(/^[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?$/);
const stem = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
const file = fc.oneof(
  fc.record({ kind: fc.constant('environment' as const), environment: name }),
  fc.record({
    kind: fc.constantFrom('service' as const, 'release' as const, 'app' as const),
    environment: name,
    service: name,
  }),
  fc.record({ kind: fc.constant('manifest' as const), environment: name, service: name, name: stem }),
  fc.record({ kind: fc.constant('platform' as const), environment: name, name: stem }),
);

describe('the layout of the ledger', () => {
  test('every file has a path that parses to the same file', () => {
    fc.assert(fc.property(file, (each) => expect(parseLedgerPath(ledgerPath(each))).toEqual(each)));
  });

  test('every text that parses is the path of the parsed file', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'abz09-./_A services manifests') }), (text) => {
        const parsed = parseLedgerPath(text);
        expect(parsed === undefined || ledgerPath(parsed) === text).toBe(true);
      }),
    );
  });

  test.each([
    '',
    'README.md',
    'services/dev/hello.yaml',
    'services/dev/../prod/hello.json',
    'services//hello.json',
    '/services/dev/hello.json',
    'services/dev/hello.json/',
    'services/dev/hello.json\n',
    'services/dev/.json',
    'services/Dev/hello.json',
    'services/dev/-hello.json',
    'manifests/dev/hello/../../../.github/x.yaml',
    'manifests/dev/hello/sub/x.yaml',
    'manifests/dev/hello/deployment.yml',
    'environments/dev/x.json',
    'platform/dev/.hidden.yaml',
    `services/dev/${'a'.repeat(41)}.json`,
  ])('does not recognize %j', (path) => expect(parseLedgerPath(path)).toBeUndefined());

  test.each(['..', '../prod', '', 'Hello', '-x', 'a/b', 'a.b', 'a\n', 'a'.repeat(41), 'hello;rm'])(
    'rejects the name %j',
    (bad) => {
      expect(() => servicePath('dev', bad)).toThrow(/name of a service/);
      expect(() => releasePath(bad, 'hello')).toThrow(/name of an environment/);
      expect(() => manifestPath('dev', bad, 'deployment')).toThrow();
      expect(() => appPath(bad, 'hello')).toThrow();
    },
  );

  test('recognizes the outputs of a service', () => {
    expect(isOutputOf('manifests/dev/hello/canary.yaml', 'dev', 'hello')).toBe(true);
    expect(isOutputOf('apps/dev/hello.yaml', 'dev', 'hello')).toBe(true);
    expect(isOutputOf('apps/dev/hello.yaml', 'prod', 'hello')).toBe(false);
    expect(isOutputOf('manifests/dev/hello-two/canary.yaml', 'dev', 'hello')).toBe(false);
    expect(isOutputOf('services/dev/hello.json', 'dev', 'hello')).toBe(false);
  });
});
