import { z } from 'zod';
import { cpuField, memoryField, replicasField, settingField } from '../fields';
import { filesSchema } from './files';

const environmentVariable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'an environment variable in upper case, such as LOG_LEVEL');

/** What differs between the environments of a service. */
export const sizeSchema = z.strictObject({
  replicas: replicasField.optional().describe('Minimum number of replicas. The autoscaler can add more.'),
  maxReplicas: z
    .int()
    .min(1, 'at least 1 replica')
    .max(500, 'at most 500 replicas')
    .optional()
    .describe('Maximum number of replicas. Default: three times the minimum.'),
  cpu: cpuField.optional().describe('CPU request of each replica.'),
  memory: memoryField.optional().describe('Memory request and limit of each replica.'),
  settings: z
    .record(environmentVariable, settingField)
    .prefault({})
    .describe('Configuration as environment variables: text, numbers, true or false.'),
  secrets: z
    .record(
      environmentVariable,
      z.strictObject({
        name: z
          .string()
          .max(253, 'the name of a Kubernetes Secret, of at most 253 characters')
          // A DNS subdomain (RFC 1123), as Kubernetes requires.
          .regex(
            /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/,
            'the name of a Kubernetes Secret: lowercase letters, digits, "-" and ".", with a letter or a digit at both ends and beside each "."',
          )
          .describe('The name of the Secret.'),
        key: z
          .string()
          .max(253, 'a key of the Secret, of at most 253 characters')
          // IsConfigMapKey of Kubernetes (apimachinery, pkg/util/validation): no "." and nothing that begins with "..".
          .regex(
            /^(?!\.$|\.\.)[-._A-Za-z0-9]+$/,
            'a key of the Secret: letters, digits, "-", "_" and ".", but not "." and nothing that begins with ".."',
          )
          .describe('The key in the Secret.'),
      }),
    )
    .default({})
    .describe('Environment variables that reference keys of Kubernetes Secrets.'),
  files: filesSchema,
  role: z
    .string()
    .regex(
      /^arn:aws[a-z-]*:iam::[0-9]{12}:role\/[A-Za-z0-9+=,.@_/-]{1,576}$/,
      'the ARN of an IAM role, such as arn:aws:iam::111111111111:role/orders',
    )
    .optional()
    .describe(
      'The IAM role by which the service calls AWS (IAM roles for service accounts on EKS). It also allows connections to AWS.',
    ),
  requestsPerSecond: z
    .number()
    .positive('a number greater than 0')
    .optional()
    .describe('Expected traffic in this environment, if it differs from traffic.requestsPerSecond.'),
});
