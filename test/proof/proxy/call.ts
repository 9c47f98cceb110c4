/** One permission that a request needs, as IAM sees it. */
export interface Call {
  /** Such as `kms:Sign`. */
  readonly action: string;
  /** ARN, or `*` for an action that supports no resource. */
  readonly resource: string;
  /** Condition keys that follow from the request or from the resource. Several values are separated by commas. */
  readonly context: Readonly<Record<string, string>>;
}

/** An HTTP request as it arrived. */
export interface AwsRequest {
  readonly method: string;
  /** Path with query. */
  readonly target: string;
  /** With lowercase names. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** Who signed a request, and for what. */
export interface Signature {
  readonly accessKeyId: string;
  readonly sessionToken?: string;
  readonly service: string;
  readonly region: string;
}

/** How an AWS service answers: the form of its errors. */
export type Protocol = 'json' | 'query' | 's3';

/** The account that the calls are about. */
export interface AccountFacts {
  readonly account: string;
  /** ARN and aliases of a key, by its ID, ARN or alias. */
  key(id: string, region: string): Promise<{ readonly arn: string; readonly aliases: readonly string[] }>;
}

/** A request that the tables do not know: what it needs is unknown, so nothing may answer it. */
export class UnknownRequest extends Error {}

/** Reads the signature of a request: header, or query of a presigned URL. @returns undefined without one */
export function readSignature({ target, headers }: AwsRequest): Signature | undefined {
  const query = new URL(target, 'http://aws').searchParams;
  const credential =
    /Credential=([^,\s]+)/.exec(headers.authorization ?? '')?.[1] ?? query.get('X-Amz-Credential') ?? undefined;
  if (credential === undefined) {
    return undefined;
  }
  // The key may contain slashes; the scope has exactly four parts.
  const parts = credential.split('/');
  const [, region = '', service = ''] = parts.slice(-4);
  const sessionToken = headers['x-amz-security-token'] ?? query.get('X-Amz-Security-Token') ?? undefined;
  return { accessKeyId: parts.slice(0, -4).join('/'), sessionToken, service, region };
}
