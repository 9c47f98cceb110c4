/** The endpoint and the region of a KMS. */
export interface KmsAddress {
  readonly endpoint: string;
  readonly region: string;
}

/**
 * Creates a signing key (ECC_NIST_P256) for an alias, unless the alias has a key.
 * @throws Error with the answer of the KMS
 */
export async function ensureSigningKey(kms: KmsAddress, alias: string): Promise<void> {
  if ((await call(kms, 'DescribeKey', { KeyId: alias })).status === 200) {
    return;
  }
  const created = await mustCall(kms, 'CreateKey', { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const { KeyMetadata } = JSON.parse(created) as { KeyMetadata: { KeyId: string } };
  await mustCall(kms, 'CreateAlias', { AliasName: alias, TargetKeyId: KeyMetadata.KeyId });
}

async function mustCall(kms: KmsAddress, action: string, input: object): Promise<string> {
  const { status, text } = await call(kms, action, input);
  if (status !== 200) {
    throw new Error(`the local KMS rejected ${action} (${status}): ${text}`);
  }
  return text;
}

/** A request of AWS JSON 1.1. The local KMS does not verify the signature, but reads the region from it. */
async function call(
  { endpoint, region }: KmsAddress,
  action: string,
  input: object,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `TrentService.${action}`,
      authorization: `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/kms/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: JSON.stringify(input),
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status, text: await response.text() };
}
