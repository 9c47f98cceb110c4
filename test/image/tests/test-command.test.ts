import fc from 'fast-check';
import { serviceSchema } from '../../../lib/catalog';
import { parseTestCommand } from '../../../lib/catalog/schema/service/test';

const service = (test: unknown) =>
  serviceSchema.safeParse({
    version: 1,
    name: 'shop',
    team: 'storefront',
    source: { repository: 'acme/shop' },
    build: { test },
  });
const fields = (test: unknown) => service(test).data?.build.test;
const defaults = { packages: ['./...'], short: false, race: false, shuffle: false, timeout: '10m' };

test.each<[unknown, object]>([
  ['go test ./...', defaults],
  ['go test', { ...defaults, packages: ['.'] }],
  [
    'go test -short -race ./cmd/... ./internal',
    { ...defaults, short: true, race: true, packages: ['./cmd/...', './internal'] },
  ],
  [
    'go test -run=^TestA$ -skip=Slow -timeout=90s -shuffle=on .',
    { ...defaults, packages: ['.'], run: '^TestA$', skip: 'Slow', timeout: '90s', shuffle: true },
  ],
  [{}, defaults],
  [
    { packages: ['./a'], timeout: '30m' },
    { ...defaults, packages: ['./a'], timeout: '30m' },
  ],
])('%j are the tests %j', (test, expected) => {
  expect(fields(test)).toEqual(expected);
});

test('without the field no tests run', () => {
  expect(fields(undefined)).toBeUndefined();
});

test.each([
  'make test',
  'go test ./... && curl evil.example',
  'go test ./...; id',
  'go test $(id)',
  'go test ../other',
  'go test ./a/../../b',
  'go test -exec=/bin/sh ./...',
  'go test -toolexec=/bin/sh ./...',
  'go test -run ./...',
  'go test ./... -short',
  'go test -timeout=2h ./...',
  'go test -run=`id` ./...',
  'go vet ./...',
  'go test\n./...',
  { packages: [] },
  { packages: ['example.com/a'] },
  { packages: ['-exec=sh'] },
  { run: '-exec=sh' },
  { timeout: '0s' },
  { network: true },
])('%j is refused', (test) => {
  expect(service(test).success).toBe(false);
});

test('no text becomes an argument that is not in the grammar', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const parsed = parseTestCommand(`go test ${text}`);
      for (const name of parsed?.packages ?? []) {
        expect(name).toMatch(/^\.(?:\/[A-Za-z0-9_./-]*)?$/);
      }
    }),
  );
});
