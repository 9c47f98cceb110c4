import { createPublicKey, type KeyObject } from 'node:crypto';
import type { LocalServices } from '../../../lib/local/services/services';

/** Calls the local KMS as its clients do: AWS JSON 1.1. */
export async function kms(
  services: LocalServices,
  action: string,
  input: object,
): Promise<Record<string, string> & { readonly KeyMetadata: { readonly KeyId: string } }> {
  const response = await fetch(services.aws.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${action}`,
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/eu-west-1/kms/aws4_request, SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${action}: ${text}`);
  }
  return JSON.parse(text || '{}');
}

export async function publicKeyOf(services: LocalServices, key: string): Promise<KeyObject> {
  const { PublicKey = '' } = await kms(services, 'GetPublicKey', { KeyId: key });
  return createPublicKey({ key: Buffer.from(PublicKey, 'base64'), format: 'der', type: 'spki' });
}
