import { type AwsApi, AwsCallError, postSigned } from './signed-post';

/** A call of a service with the JSON 1.1 protocol. */
export interface AwsCall {
  /** The name of the service in the signature, such as `secretsmanager`. */
  readonly service: string;
  /** The name of the service in the host name. Default: `service`. */
  readonly host?: string;
  /** Such as `secretsmanager.GetSecretValue`. */
  readonly target: string;
  readonly input: object;
}

/** @returns the parsed response. @throws AwsCallError */
export async function awsCall(api: AwsApi, { service, host, target, input }: AwsCall): Promise<unknown> {
  const { ok, status, text } = await postSigned(api, {
    service,
    host,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: JSON.stringify(input),
  });
  const response = parseJson(text);
  if (!ok) {
    const { __type, message, Message } = response as { __type?: string; message?: string; Message?: string };
    const code = __type?.split('#').pop() ?? String(status);
    throw new AwsCallError('aws-error', `${target}: ${code} ${message ?? Message ?? ''}`.trim(), code);
  }
  return response;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
