import { awsCall } from './json-call';
import type { AwsApi } from './signed-post';

/**
 * Reads the text of a secret in Secrets Manager.
 * @param name of the secret, or its ARN
 * @returns undefined when the secret has no text
 * @throws AwsCallError when the secret does not exist, or the caller may not read it
 */
export async function readSecretText(api: AwsApi, name: string): Promise<string | undefined> {
  const answer = await awsCall(api, {
    service: 'secretsmanager',
    target: 'secretsmanager.GetSecretValue',
    input: { SecretId: name },
  });
  const { SecretString: text } = answer as { readonly SecretString?: unknown };
  return typeof text === 'string' && text !== '' ? text : undefined;
}
