import { z } from 'zod';
import { deliverySchema } from './delivery';
import {
  accountField,
  branchField,
  cpuField,
  durationBetween,
  durationField,
  githubApiField,
  imageField,
  isUrl,
  memoryField,
  nameField,
  regionField,
  replicasField,
  urlField,
} from './fields';

export { type AddOn, addOns, chatKinds } from './delivery';

export const severities = ['negligible', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

const environmentSchema = z
  .strictObject({
    name: nameField.describe('The name of the environment, such as dev or prod.'),
    account: accountField.describe('The AWS account of the cluster. It is allowed to pull the images.'),
    region: regionField.describe('The AWS region of the cluster.'),
    cluster: urlField(
      /^https:\/\/[A-Za-z0-9.:-]+$/,
      'the URL of a Kubernetes API server, such as https://kubernetes.default.svc',
      'the URL of a Kubernetes API server, with a port of at most 65535',
    )
      .default('https://kubernetes.default.svc')
      .describe('The destination server of the Argo CD Applications.'),
    namespace: z
      .string()
      .regex(
        /^(?:[a-z0-9-]|\{service\}|\{team\}|\{environment\})+$/,
        'a namespace template, such as {service} or {team}-{environment}',
      )
      .default('{service}')
      .describe(
        'The namespace of a service: none of Kubernetes (kube-…, default) and none of the platform, such as those of Argo CD and the Gateway. Placeholders: {service}, {team} and {environment}.',
      ),
    class: nameField.describe(
      'The environment class, such as nonproduction. Environments of one class share a signing key.',
    ),
    after: z
      .enum(['immediately', 'approval'], { error: '"immediately" or "approval"' })
      .default('immediately')
      .describe('Whether a promotion into this environment needs an approval.'),
    defaults: z
      .strictObject({
        replicas: replicasField.optional().describe('Minimum number of replicas.'),
        cpu: cpuField.optional().describe('CPU request of each replica.'),
        memory: memoryField.optional().describe('Memory request and limit of each replica.'),
      })
      .optional()
      .describe('The default size of a service.'),
  })
  .describe('A cluster, or a part of one, that services run in.');

export const sourceProviders = ['github', 'gitlab', 'bitbucket'] as const;

/** The credential of the promote step for the ledger. */
export const ledgerCredentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('github-app'),
    appId: z.string().regex(/^[0-9]+$/, 'the ID of the GitHub App in quotation marks'),
    installationId: z.string().regex(/^[0-9]+$/, 'the ID of the installation in quotation marks'),
    secret: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]+$/, 'the name of the Secrets Manager secret that contains the private key'),
    api: githubApiField.optional(),
  }),
  z.strictObject({ kind: z.literal('codecommit') }),
]);

/** `catalog/platform.yaml`: the settings that all services share. */
export const platformSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of the file format.'),
    name: nameField
      .max(16, 'a name of at most 16 characters (it is the prefix of every AWS name)')
      .describe('The prefix of all AWS resource names.'),
    pipeline: z
      .strictObject({
        account: accountField.describe('The AWS account of the pipelines.'),
        region: regionField.describe('The AWS region of the pipelines.'),
        permissionsBoundary: z
          .string()
          .regex(/^[A-Za-z0-9+=,.@_-]{1,128}$/, 'the name of a managed policy')
          .optional()
          .describe(
            'The managed policy that limits every role that Bowline creates, and so what a deployment can grant. `bowline explain boundary` prints it.',
          ),
        trust: z
          .enum(['account', 'resource'], { error: '"account" or "resource"' })
          .default('account')
          .describe(
            'What CodePipeline and EventBridge must name to assume a role: this account, or also the one pipeline or rule that uses the role. Set resource after you have tried it in your account: docs/first-hour-on-aws.md.',
          ),
      })
      .describe('The AWS account and region of pipelines, images and signing keys.'),
    registry: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/, { error: 'a registry host', abort: true })
      .refine((host) => isUrl(`https://${host}`), 'a registry host, with a port of at most 65535')
      .optional()
      .describe('The registry host. Default: the ECR registry of the pipeline account.'),
    source: z
      .strictObject({
        kind: z
          .enum(['connection', 'codecommit'], { error: '"connection" or "codecommit"' })
          .default('connection')
          .describe('A CodeConnections connection (GitHub, GitLab, Bitbucket), or CodeCommit in the pipeline account.'),
        provider: z
          .enum(sourceProviders, { error: `one of ${sourceProviders.join(', ')}` })
          .default('github')
          .describe('The git host of the connection. Pull requests are built only for github.'),
        connection: z
          .string()
          .regex(
            /^arn:aws[a-z-]*:(?:codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[0-9a-f-]{36}$/,
            'the ARN of a CodeConnections connection',
          )
          .optional()
          .describe('The ARN of the CodeConnections connection. Not used with CodeCommit.'),
      })
      .describe('How pipelines read source repositories.'),
    ledger: z
      .strictObject({
        repository: z
          .string()
          .regex(
            /^(?:https:\/\/|ssh:\/\/|file:\/\/|git@)[A-Za-z0-9@:/._~-]+$/,
            'a git URL, such as https://github.com/example/gitops.git',
          )
          .describe('The URL of the ledger.'),
        branch: branchField.default('main').describe('The branch that promotions write and Argo CD reads.'),
        credential: ledgerCredentialSchema
          .optional()
          .describe(
            'The credential of the promote step: a GitHub App, or IAM for CodeCommit. The secret contains the private key of the App in PEM format. Set `api` only if the GitHub API is not on the host of the ledger.',
          ),
        write: z
          .enum(['push', 'pull-request'], { error: '"push" or "pull-request"' })
          .default('push')
          .describe(
            'How promotions are written to the ledger: pushed to its branch, or opened as one pull request each. Pull requests need a GitHub App.',
          ),
      })
      .describe('The GitOps repository, called the ledger.'),
    bases: z
      .strictObject({
        builder: imageField.describe('The Go toolchain image that compiles services without cgo.'),
        builderCgo: imageField.optional().describe('The Go toolchain image with a C compiler and glibc, for cgo.'),
        builderMusl: imageField
          .optional()
          .describe('The Go toolchain image with a C compiler and musl, for cgo on alpine.'),
        static: imageField.describe(
          'distroless/static. It is also the source of the CA certificates and time zones in scratch images.',
        ),
        glibc: imageField.optional().describe('distroless/base, for cgo.'),
        alpine: imageField.optional().describe('alpine, for services with debugging tools.'),
      })
      .describe('Base images by digest.'),
    toolbox: imageField.optional().describe('The image that every pipeline step runs in. `bowline bootstrap` sets it.'),
    signingKeys: z
      .record(
        nameField,
        z
          .array(z.int().min(1, 'a number of at least 1'))
          .min(1, 'at least one key')
          .refine((keys) => keys.every((key, index) => index === 0 || key > (keys[index - 1] ?? 0)), {
            error: 'ascending numbers: the newest key comes last',
          }),
      )
      .default({})
      .describe(
        'The numbers of the signing keys of each environment class. During a key rotation a class has two keys, such as { production: [1, 2] }, and the last one signs. Default: [1] for every class.',
      ),
    findings: z
      .strictObject({
        block: z
          .enum(severities, { error: `one of ${severities.join(', ')}` })
          .default('high')
          .describe('The lowest severity that blocks a release.'),
        unknown: z
          .enum(severities, { error: `one of ${severities.join(', ')}` })
          .default('high')
          .describe('The severity of findings for which no severity is known.'),
        reachable: z
          .enum(['block', 'by-severity'], { error: '"block" or "by-severity"' })
          .default('block')
          .describe(
            'Whether a vulnerable function that the service calls blocks a release at any severity, or according to its severity.',
          ),
        databaseMaxAge: durationField
          .default('5d')
          .describe('The maximum age of a vulnerability database. With an older one, the scan is inconclusive.'),
        verdictMaxAge: durationField
          .default('7d')
          .describe(
            'The maximum age of the verdict when a release is promoted. An approval of CodePipeline waits seven days by default. An older release must be scanned again.',
          ),
        riskMaxDuration: durationBetween('1d', '365d')
          .default('180d')
          .describe(
            'The longest time from now until a risk in accepted-risks.yaml expires. A risk that expires later does not count.',
          ),
      })
      .prefault({})
      .describe('Which findings block a release.'),
    delivery: deliverySchema,
    environments: z
      .array(environmentSchema)
      .min(1, 'at least one environment, in order of promotion')
      .max(8, 'at most 8 environments'),
  })
  .meta({ title: 'Bowline platform', description: 'The settings that all services share.' });

export type Platform = z.output<typeof platformSchema>;
export type Environment = Platform['environments'][number];
