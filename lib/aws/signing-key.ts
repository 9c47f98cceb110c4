import { createHash, createHmac } from 'node:crypto';

/** The scope of a signature: one day, one region, one service. */
export interface SigningScope {
  /** `20261124` */
  readonly day: string;
  readonly region: string;
  readonly service: string;
}

/** Formats a scope: `20261124/eu-west-1/kms/aws4_request`. */
export function formatScope({ day, region, service }: SigningScope): string {
  return `${day}/${region}/${service}/aws4_request`;
}

/** Derives the signing key of a scope: AWS Signature Version 4, "Derive a signing key". */
export function deriveSigningKey(secretAccessKey: string, { day, region, service }: SigningScope): Buffer {
  return [day, region, service, 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secretAccessKey}`));
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
