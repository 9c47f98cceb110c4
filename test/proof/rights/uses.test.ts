import { distinct, generalize, specialize, usesOf } from './rights';

const right = (resource: string, action = 'ecr:BatchGetImage') => ({ role: 'acme-scan', id: 'S', action, resource });
const use = (resource: string, action = 'ecr:BatchGetImage') => ({ role: 'acme-scan', action, resource });

describe('the use of a right', () => {
  test('is a call by a job before a call by a service, of the same role, action and resource', () => {
    const rights = [right('repository/acme/*'), right('repository/other')];
    expect(usesOf(rights, [], []).map((one) => one.use)).toEqual(['unused', 'unused']);
    expect(usesOf(rights, [], [use('repository/acme/a')]).map((one) => one.use)).toEqual(['by a service', 'unused']);
    expect(usesOf(rights, [use('repository/acme/a')], [use('repository/acme/a')])[0]?.use).toBe('called');
    expect(usesOf(rights, [use('repository/acme/a', 'ecr:PutImage')], [])[0]?.use).toBe('unused');
    expect(usesOf(rights, [{ ...use('repository/acme/a'), role: 'acme-sign' }], [])[0]?.use).toBe('unused');
  });

  test('counts for the statement with the longest resource', () => {
    const rights = [right('repository/acme/*'), right('repository/acme/platform/toolbox')];
    const uses = usesOf(rights, [], [use('repository/acme/platform/toolbox')]);
    expect(uses.map((one) => one.use)).toEqual(['unused', 'by a service']);
  });
});

describe('a recorded call', () => {
  const commit = '2dcb01e7c38b60109b6e1d4769c6a031f5d199d2';
  const sha = 'f'.repeat(64);
  test('has no name of a service, no digest, commit or key ID of one run', () => {
    const call = {
      role: 'acme-shop-build',
      action: 's3:PutObject',
      resource: `arn:aws:s3:::acme-binaries/shop/${sha}/${commit}/shop-darwin-arm64`,
    };
    const general = generalize(call, ['shop', 'vulnerable']);
    expect(general).toEqual({
      role: 'acme-<service>-build',
      action: 's3:PutObject',
      resource: `arn:aws:s3:::acme-binaries/<service>/${'a'.repeat(64)}/${'c'.repeat(40)}/<service>-darwin-arm64`,
    });
    expect(specialize(general, 'hello').role).toBe('acme-hello-build');
    const key = { role: 'acme-sign', action: 'kms:Sign', resource: 'key/79eb8d51-dc26-4358-af0f-218a9b31c175' };
    expect(generalize(key, ['shop']).resource).toBe('key/00000000-0000-0000-0000-000000000000');
  });

  test('keeps a name that only begins like a service', () => {
    expect(generalize(use('repository/acme/shopping'), ['shop']).resource).toBe('repository/acme/shopping');
  });

  test('is listed once, in order', () => {
    const listed = distinct<ReturnType<typeof use> & { context?: { k: string } }>([
      use('b'),
      use('a'),
      use('b'),
      { ...use('b'), context: { k: 'v' } },
    ]);
    expect(listed.map(({ resource, context }) => [resource, context])).toEqual([
      ['a', undefined],
      ['b', { k: 'v' }],
      ['b', undefined],
    ]);
  });
});
