import { unverifiableSignature } from '../../../../charts/rules/definitions/pd016-unverifiable-signature';
import { findings, onlyFinding } from '../valid-manifests';

const authority = (format: string, by: string) => `apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: { name: signed }
spec:
  authorities:
    - ${by}
      signatureFormat: ${format}
`;
const key = 'key: { data: x }';

test('a bundle with a key is an error for policy-controller', () => {
  expect(onlyFinding(unverifiableSignature, authority('bundle', key))).toMatchObject({
    level: 'error',
    at: 'signatureFormat: bundle',
  });
});

test.each([
  ['the older format with a key', authority('legacy', key)],
  ['a bundle with an identity', authority('bundle', 'keyless: { identities: [] }')],
])('%s passes', (_, policy) => {
  expect(findings(unverifiableSignature, policy)).toEqual([]);
});

const kyverno = (type: string, entry: string) => `apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: { name: signed }
spec:
  rules:
    - name: signed
      verifyImages:
        - type: ${type}
          attestors: [{ entries: [${entry}] }]
`;

test('a bundle with a key is an error for Kyverno', () => {
  expect(onlyFinding(unverifiableSignature, kyverno('SigstoreBundle', '{ keys: { publicKeys: x } }'))).toMatchObject({
    level: 'error',
    at: '- type: SigstoreBundle',
  });
  expect(findings(unverifiableSignature, kyverno('Cosign', '{ keys: { publicKeys: x } }'))).toEqual([]);
  expect(findings(unverifiableSignature, kyverno('SigstoreBundle', '{ keyless: { issuer: x } }'))).toEqual([]);
});

test('an ImageValidatingPolicy with a key is a warning', () => {
  const policy =
    'apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\nmetadata: { name: signed }\nspec: { attestors: [{ name: a, cosign: { key: { data: x } } }] }\n';
  expect(onlyFinding(unverifiableSignature, policy).level).toBe('warning');
});
