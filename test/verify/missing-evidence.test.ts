import { parsePublicKeys, requireVerified, signatureAnnotations, verify } from '../../lib/verify';
import { readVerificationFailure } from '../../lib/verify/cosign-errors';
import { newPublicKey } from '../evidence/public-key';
import { type Changes, world } from '../evidence/world';

const keys = parsePublicKeys(newPublicKey(), 'production.pub');

async function verified(changes: Changes) {
  const { location, readers, expected, now } = world(changes);
  return { location, verification: await verify({ location, keys, expected, now, readers }) };
}

test('what is verified is released', async () => {
  const { location, verification } = await verified({ record: {} });
  expect(() => requireVerified({ location }, verification)).not.toThrow();
});

test('a signature names the service and the class of environments', () => {
  expect(signatureAnnotations('hello', 'production')).toEqual({
    'bowline.service': 'hello',
    'bowline.class': 'production',
  });
});

test('how much was signed is counted from nothing', async () => {
  const nothing = 'nothing-attested';
  const { verification } = await verified({ record: {}, answers: { verdict: nothing } });
  expect(verification.checks.find(({ id }) => id === 'record')?.message).toContain('none of 0 signed verdicts');
  const { verification: other } = await verified({ answers: { 'sbom linux/arm64': nothing } });
  expect(other.checks.find(({ id }) => id === 'sboms')?.message).toContain('none of 0 signed SBOMs');
});

test('cosign says that nothing matches at the start of its error', () => {
  const found = (error: string) => readVerificationFailure(`Error: ${error}\n`);
  expect(found('no matching signatures: no signatures found\nno attestations found')).toBe('absent');
  expect(found('no signatures found\nno matching signatures: no attestations found')).toBeUndefined();
  expect(found('no matching attestations:')).toBe('absent');
});
