import fc from 'fast-check';
import {
  appPath,
  environmentPath,
  isOutputOf,
  ledgerPath,
  manifestPath,
  parseLedgerPath,
  platformPath,
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
    'environments/dev.json/x',
    'environments/.json',
    'environments',
    'services/dev',
    'services/dev/hello.json/x',
    'manifests/dev/hello',
    'manifests/dev/hello/deployment.yaml/x',
    'manifests/dev/Hello/deployment.yaml',
    'releases/dev/Hello.json',
    'apps/dev/Hello.yaml',
    'others/dev/hello.json',
    'platform/dev/-x.yaml',
    'platform/dev/x-.yaml',
    'platform/dev/x.yaml.yaml',
    `platform/dev/${'a'.repeat(101)}.yaml`,
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

  test.each(['..', '', 'Hello', '-x', 'x-', 'a/b', 'a.b', 'x!', 'a'.repeat(101)])('rejects the file name %j', (bad) => {
    expect(() => manifestPath('dev', 'hello', bad)).toThrow(/name of a rendered file/);
    expect(() => platformPath('dev', bad)).toThrow(/name of a rendered file/);
  });

  test.each(['Dev', ''])('rejects the environment %j in every path', (bad) => {
    const problem = /name of an environment/;
    expect(() => environmentPath(bad)).toThrow(problem);
    expect(() => servicePath(bad, 'hello')).toThrow(problem);
    expect(() => releasePath(bad, 'hello')).toThrow(problem);
    expect(() => manifestPath(bad, 'hello', 'x')).toThrow(problem);
    expect(() => appPath(bad, 'hello')).toThrow(problem);
    expect(() => platformPath(bad, 'x')).toThrow(problem);
  });

  test.each(['Hello', ''])('rejects the service %j in every path', (bad) => {
    const problem = /name of a service/;
    expect(() => servicePath('dev', bad)).toThrow(problem);
    expect(() => releasePath('dev', bad)).toThrow(problem);
    expect(() => manifestPath('dev', bad, 'x')).toThrow(problem);
    expect(() => appPath('dev', bad)).toThrow(problem);
  });

  test('the names of rendered files have up to 100 characters, and may start with a digit', () => {
    for (const name of ['0', 'a', '0-metric-1', 'a'.repeat(100)]) {
      expect(parseLedgerPath(platformPath('dev', name))).toEqual({ kind: 'platform', environment: 'dev', name });
    }
  });

  test('recognizes the outputs of a service', () => {
    expect(isOutputOf('README.md', 'dev', 'hello')).toBe(false);
    expect(isOutputOf('platform/dev/hello.yaml', 'dev', 'hello')).toBe(false);
    expect(isOutputOf('manifests/dev/hello/canary.yaml', 'dev', 'hello')).toBe(true);
    expect(isOutputOf('apps/dev/hello.yaml', 'dev', 'hello')).toBe(true);
    expect(isOutputOf('apps/dev/hello.yaml', 'prod', 'hello')).toBe(false);
    expect(isOutputOf('manifests/dev/hello-two/canary.yaml', 'dev', 'hello')).toBe(false);
    expect(isOutputOf('services/dev/hello.json', 'dev', 'hello')).toBe(false);
  });
});
