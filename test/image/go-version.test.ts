import { checkGoVersion, describeGoVersionMismatch } from '../../lib/image';
import { factsWith, workspace } from './facts';

function requiring(go: string | undefined) {
  const facts = factsWith();
  return { ...facts, localModules: facts.localModules.map((module) => ({ ...module, go })) };
}

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
  [undefined, 'go1.26.8', false],
])('a module that requires Go %s needs a newer builder than %s: %s', (required, available, isTooOld) => {
  expect(checkGoVersion('shop', requiring(required), available) !== undefined).toBe(isTooOld);
});

test('a version mismatch is reported with both versions and the remedies', () => {
  const mismatch = checkGoVersion('shop', requiring('1.27'), 'go1.26.8');
  expect(mismatch && describeGoVersionMismatch(mismatch, 'install it')).toBe(
    'shop: go.mod requires Go 1.27 or newer, but the builder has Go 1.26.8: install it, or lower the required version (go mod edit -go=1.26.8)',
  );
});

test('the go lines of a workspace and of its modules count', () => {
  const facts = factsWith(workspace);
  const newWork = { ...facts, workspace: { ...(facts.workspace as NonNullable<typeof facts.workspace>), go: '1.27' } };
  expect(checkGoVersion('shop', newWork, 'go1.26.8')?.requiredBy).toBe('go.work');
  expect(checkGoVersion('shop', { ...newWork, mode: 'vendor' }, 'go1.26.8')).toBeUndefined();
  const newLibrary = facts.localModules.map((module) => (module.kind === 'main' ? module : { ...module, go: '1.28' }));
  expect(checkGoVersion('shop', { ...facts, localModules: newLibrary }, 'go1.26.8')?.requiredBy).toBe(
    'libs/money/go.mod',
  );
});
