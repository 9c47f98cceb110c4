import { BowlineError, exitCodes } from '../errors';
import { type Credentials, signedHeaders } from './signed-request';

/** The region, the endpoint and the credentials of AWS calls. */
export interface AwsApi {
  readonly region: string;
  /** Replaces the endpoint of AWS, for example with the local AWS. */
  readonly endpoint?: string;
  readonly credentials: () => Promise<Credentials>;
}

export interface SignedPost {
  /** The name of the service in the signature, such as `kms`. */
  readonly service: string;
  /** The name of the service in the host name, such as `api.ecr`. Default: `service`. */
  readonly host?: string;
  /** With lowercase names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface AwsResponse {
  readonly ok: boolean;
  readonly status: number;
  readonly text: string;
}

/** AWS returned an error or did not respond. The message contains the message of AWS, but never the request. */
export class AwsCallError extends BowlineError {
  override readonly name = 'AwsCallError';
  constructor(
    code: 'unreachable' | 'credentials' | 'aws-error',
    message: string,
    /** The error code of AWS, such as `AccessDeniedException`. */
    readonly awsCode?: string,
  ) {
    super(code, message, exitCodes.inconclusive);
  }
}

/** Sends a signed POST request to an AWS service. @throws AwsCallError `unreachable` if there is no response */
export async function postSigned(api: AwsApi, request: SignedPost): Promise<AwsResponse> {
  const { service, host = service, headers, body } = request;
  const domain = api.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL('/', api.endpoint ?? `https://${host}.${api.region}.${domain}`);
  const { host: _, ...signed } = signedHeaders(
    { url, service, region: api.region, headers, body },
    await api.credentials(),
    new Date(),
  );
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: signed,
      body,
      signal: AbortSignal.timeout(30_000),
    });
    return { ok: response.ok, status: response.status, text: await response.text() };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new AwsCallError('unreachable', `${url.origin} does not respond: ${cause}`);
  }
}
