import { BowlineError, exitCodes } from '../errors';
import { type Credentials, signedHeaders } from './signed-request';

/** Where and as whom AWS is asked. */
export interface AwsApi {
  readonly region: string;
  /** In place of AWS itself, such as the local AWS. */
  readonly endpoint?: string;
  readonly credentials: () => Promise<Credentials>;
}

/** One call of a service that speaks JSON 1.1. */
export interface AwsCall {
  /** Name in host and signature, such as `secretsmanager`. */
  readonly service: string;
  /** Such as `secretsmanager.GetSecretValue`. */
  readonly target: string;
  readonly input: object;
}

/** AWS answers a call with an error, or does not answer. The message has AWS's own words, never the request. */
export class AwsCallError extends BowlineError {
  override readonly name = 'AwsCallError';
  constructor(
    code: 'unreachable' | 'credentials' | 'aws-error',
    message: string,
    /** AWS's own code, such as `AccessDeniedException`. */
    readonly awsCode?: string,
  ) {
    super(code, message, exitCodes.inconclusive);
  }
}

/** @returns the answer's JSON. @throws AwsCallError */
export async function awsCall(api: AwsApi, { service, target, input }: AwsCall): Promise<unknown> {
  const domain = api.region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const url = new URL('/', api.endpoint ?? `https://${service}.${api.region}.${domain}`);
  const body = JSON.stringify(input);
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target };
  const { host: _, ...signed } = signedHeaders(
    { url, service, region: api.region, headers, body },
    await api.credentials(),
    new Date(),
  );
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, { method: 'POST', headers: signed, body, signal: AbortSignal.timeout(30_000) });
    text = await response.text();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new AwsCallError('unreachable', `${url.origin} does not answer: ${cause}`);
  }
  const answer = jsonOf(text);
  if (!response.ok) {
    const { __type, message, Message } = answer as { __type?: string; message?: string; Message?: string };
    const code = __type?.split('#').pop() ?? String(response.status);
    throw new AwsCallError('aws-error', `${target}: ${code} ${message ?? Message ?? ''}`.trim(), code);
  }
  return answer;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
