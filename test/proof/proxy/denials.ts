import type { JudgedCall } from '../judge/documents';
import type { Protocol } from './call';
import type { RecordedCall } from './recorder';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The message of IAM (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html). */
export function denialMessage({
  role,
  action,
  resource,
  decision,
}: Pick<JudgedCall, 'role' | 'action' | 'resource'> & Pick<RecordedCall, 'decision'>): string {
  const reason =
    decision === 'denied explicitly'
      ? 'with an explicit deny in a policy'
      : `because no identity-based policy allows the ${action} action`;
  return `User: ${role} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}

/** The answer of a service to a request that IAM denies, in the form of its protocol. */
export function denial(
  protocol: Protocol,
  message: string,
  code: 'AccessDenied' | 'InvalidClientTokenId' = 'AccessDenied',
): Answer {
  switch (protocol) {
    case 'json':
      return {
        status: 400,
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': jsonCodes[code] },
        body: JSON.stringify({ __type: jsonCodes[code], message, Message: message }),
      };
    case 'query':
      return {
        status: 403,
        headers: { 'content-type': 'text/xml' },
        body: `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error><RequestId>proof</RequestId></ErrorResponse>`,
      };
    case 's3':
      return {
        status: 403,
        headers: { 'content-type': 'application/xml' },
        body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>proof</RequestId></Error>`,
      };
  }
}

const jsonCodes = {
  AccessDenied: 'AccessDeniedException',
  InvalidClientTokenId: 'UnrecognizedClientException',
} as const;

/** The answer of ECR's registry, in the form of the OCI distribution protocol. */
export function registryDenial(message: string): Answer {
  return {
    status: 403,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ errors: [{ code: 'DENIED', message }] }),
  };
}

/** The answer to a request without a token, or with one that was not issued here. */
export const registryChallenge: Answer = {
  status: 401,
  headers: { 'content-type': 'text/plain', 'www-authenticate': 'Basic realm="proof",service="ecr.amazonaws.com"' },
  body: 'Not Authorized\n',
};

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
