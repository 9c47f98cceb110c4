import { awsCall } from '../../lib/aws';
import type { DeployedBench } from './local-aws';

const region = 'eu-west-1';

/** Calls a JSON API. @throws AwsCallError */
export function callAws(
  { deployment }: DeployedBench,
  service: string,
  target: string,
  input: object,
): Promise<unknown> {
  const { endpoint, environment } = deployment.aws;
  const credentials = async () => ({
    accessKeyId: environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: environment.AWS_SECRET_ACCESS_KEY ?? '',
  });
  return awsCall({ endpoint, region, credentials }, { service, target, input });
}

/** Calls a query API, with an invalid signature: only this test calls one. @throws Error with the answer */
export async function queryAws(
  { deployment }: DeployedBench,
  service: string,
  fields: Readonly<Record<string, string>>,
): Promise<string> {
  const { endpoint, environment } = deployment.aws;
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${environment.AWS_ACCESS_KEY_ID}/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams(fields).toString(),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${service} answered ${response.status}: ${text}`);
  }
  return text;
}
