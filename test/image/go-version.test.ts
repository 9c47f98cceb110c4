import { goShortage, goTooOld, goVersionOf } from '../../lib/image';

test.each([
  ['go 1.26', '1.26'],
  ['go 1.26.3 // why', '1.26.3'],
  ['go 1.27rc1', '1.27rc1'],
  ['toolchain go1.27.0', undefined],
  ['require example.com/go v1.2.3', undefined],
])('%s asks for the language of %s', (line, version) => {
  expect(goVersionOf(`module example.com/a\n\n${line}\n`)).toBe(version);
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
])('Go %s wants more than a builder with %s has: %s', (wanted, has, short) => {
  expect(goShortage('shop', `module a\ngo ${wanted}\n`, has) !== undefined).toBe(short);
});

test('a shortage is told with both versions and the ways out', () => {
  const shortage = goShortage('shop', 'module a\ngo 1.27\n', 'go1.26.8');
  expect(shortage && goTooOld(shortage, 'install it')).toBe(
    'shop: go.mod wants Go 1.27 or newer, and the builder has Go 1.26.8: install it, or lower what is wanted (go mod edit -go=1.26.8)',
  );
});
