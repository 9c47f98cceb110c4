import { signedHeaders } from '../../lib/aws';

const body = '{"KeyId":"alias/acme-production"}';
const request = {
  url: new URL('https://kms.eu-west-1.amazonaws.com/'),
  service: 'kms',
  region: 'eu-west-1',
  headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.GetPublicKey' },
  body,
};
const credentials = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'a+token/=',
};
const now = new Date('2026-11-24T15:00:00.123Z');

test('the signature equals that of the SDK (@smithy/signature-v4 5) for the same request', () => {
  expect(signedHeaders(request, credentials, now).authorization).toBe(
    'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261124/eu-west-1/kms/aws4_request, SignedHeaders=content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amz-target, Signature=1f09e9682b87a1c43f4439914ded0526b0b6208a1043e2bf760eb99eb2c84264',
  );
});

test.each([
  ['the body', { ...request, body: `${body} ` }],
  ['the region', { ...request, region: 'eu-west-2' }],
  ['the service', { ...request, service: 'ecr' }],
  ['the host', { ...request, url: new URL('https://kms.eu-west-2.amazonaws.com/') }],
  ['a header', { ...request, headers: { ...request.headers, 'x-amz-target': 'TrentService.Sign' } }],
])('the signature depends on %s', (_, changed) => {
  const signature = (candidate: typeof request) =>
    signedHeaders(candidate, credentials, now).authorization?.split('Signature=')[1];
  expect(signature(changed)).not.toBe(signature(request));
});

test('no header contains the secret', () => {
  expect(JSON.stringify(signedHeaders(request, credentials, now))).not.toContain(credentials.secretAccessKey);
});
