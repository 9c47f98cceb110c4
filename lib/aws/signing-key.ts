import { createHash, createHmac } from 'node:crypto';

/** What a signature is good for: one day, one region, one service. */
export interface SigningScope {
  /** `20261124` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** The scope as it stands in what is signed: `20261124/eu-west-1/kms/aws4_request`. */
export function scopeText({ day, region, service }: SigningScope): string {
  return `${day}/${region}/${service}/aws4_request`;
}

/** The key derived from a secret for one scope: AWS Signature Version 4, "Derive a signing key". */
export function signingKey(secretAccessKey: string, { day, region, service }: SigningScope): Buffer {
  return [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
