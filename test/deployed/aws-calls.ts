import type { DeployedBench } from './local-aws';

const region = 'eu-west-1';

/** A call of an API that takes JSON, as the local AWS takes it: signed by nobody. @throws Error with what it answered */
export async function callAws(bench: DeployedBench, service: string, target: string, input: object): Promise<unknown> {
  const text = await post(bench, service, JSON.stringify(input), {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
  });
  return JSON.parse(text === '' ? '{}' : text);
}

/** A call of an API that takes a form. */
export function queryAws(
  bench: DeployedBench,
  service: string,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const content = { 'content-type': 'application/x-www-form-urlencoded' };
  return post(bench, service, new URLSearchParams(fields).toString(), content);
}

async function post(
  bench: DeployedBench,
  service: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const key = bench.deployment.aws.environment.AWS_ACCESS_KEY_ID;
  const response = await fetch(bench.deployment.aws.endpoint, {
    method: 'POST',
    headers: {
      ...headers,
      authorization: `AWS4-HMAC-SHA256 Credential=${key}/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body,
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${service} answered ${response.status}: ${text}`);
  }
  return text;
}
