import { checkGoVersion, describeGoVersionMismatch, parseGoVersion } from '../../lib/image';

test.each([
  ['go 1.26', '1.26'],
  ['go 1.26.3 // why', '1.26.3'],
  ['go 1.27rc1', '1.27rc1'],
  ['toolchain go1.27.0', undefined],
  ['require example.com/go v1.2.3', undefined],
])('%s requires version %s', (line, version) => {
  expect(parseGoVersion(`module example.com/a\n\n${line}\n`)).toBe(version);
});

test.each([
  ['1.26', 'go1.26.8', false],
  ['1.26.8', 'go1.26.8', false],
  ['1.26.9', 'go1.26.8', true],
  ['1.27', 'go1.26.8', true],
  ['1.9', 'go1.26.8', false],
  ['1.27rc1', 'go1.26.8', true],
  ['2.0', 'go1.26.8', true],
  ['1.26', 'go1.26.8 X:nocoverageredesign', false],
  ['1.99', 'devel +abc', false],
])('a module that requires Go %s needs a newer builder than %s: %s', (required, available, isTooOld) => {
  expect(checkGoVersion('shop', `module a\ngo ${required}\n`, available) !== undefined).toBe(isTooOld);
});

test('a version mismatch is reported with both versions and the remedies', () => {
  const mismatch = checkGoVersion('shop', 'module a\ngo 1.27\n', 'go1.26.8');
  expect(mismatch && describeGoVersionMismatch(mismatch, 'install it')).toBe(
    'shop: go.mod requires Go 1.27 or newer, but the builder has Go 1.26.8: install it, or lower the required version (go mod edit -go=1.26.8)',
  );
});
