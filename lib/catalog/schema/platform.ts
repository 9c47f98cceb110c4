import { z } from 'zod';
import {
  accountField,
  branchField,
  cpuField,
  durationField,
  imageField,
  memoryField,
  nameField,
  regionField,
  replicasField,
} from './fields';

export const severities = ['negligible', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

const environmentSchema = z
  .strictObject({
    name: nameField.describe('What people call it, such as dev or prod.'),
    account: accountField.describe('The AWS account of its cluster; it may pull the images.'),
    region: regionField.describe('The region of its cluster.'),
    cluster: z
      .string()
      .regex(/^https:\/\/[A-Za-z0-9.:-]+$/, 'the URL of a Kubernetes API, such as https://kubernetes.default.svc')
      .default('https://kubernetes.default.svc')
      .describe('Destination server of the Argo CD Applications.'),
    namespace: z
      .string()
      .regex(
        /^(?:[a-z0-9-]|\{service\}|\{team\}|\{environment\})+$/,
        'a namespace rule such as {service} or {team}-{environment}',
      )
      .default('{service}')
      .describe('Namespace of a service: may use {service}, {team} and {environment}.'),
    class: nameField.describe('Environments of one class share a signing key, such as nonproduction.'),
    after: z
      .enum(['immediately', 'approval'], { error: '"immediately" or "approval"' })
      .default('immediately')
      .describe('What comes before a promotion into it.'),
    defaults: z
      .strictObject({
        replicas: replicasField.optional().describe('Replicas at least.'),
        cpu: cpuField.optional().describe('Requested CPU of a replica.'),
        memory: memoryField.optional().describe('Requested memory of a replica, and its limit.'),
      })
      .optional()
      .describe('Size of a service that does not say its own.'),
  })
  .describe('One place that services run in.');

/** What a cluster needs besides the services. */
export const addOns = ['flagger', 'prometheus', 'loki', 'jaeger', 'opentelemetry'] as const;
export type AddOn = (typeof addOns)[number];

/** Chats that Flagger can write to (fluxcd/flagger, pkg/notifier/factory.go). */
export const chats = ['slack', 'msteams', 'discord', 'rocket', 'gchat'] as const;

export const sourceProviders = ['github', 'gitlab', 'bitbucket'] as const;

const webhookUrl = z.string().regex(/^https?:\/\/[A-Za-z0-9./:_-]+$/, 'the URL of a webhook');

/** How a promotion gets at the ledger. */
export const ledgerCredentialSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('github-app'),
    appId: z.string().regex(/^[0-9]+$/, 'the number of the GitHub App in quotation marks'),
    installationId: z.string().regex(/^[0-9]+$/, 'the number of the installation in quotation marks'),
    secret: z
      .string()
      .regex(/^[A-Za-z0-9/_+=.@-]+$/, 'the name of a Secrets Manager secret that holds the private key'),
    api: z
      .string()
      .regex(/^https:\/\/[A-Za-z0-9.:/_-]*[A-Za-z0-9_-]$/, "the https URL of GitHub's API, without a final slash")
      .optional(),
  }),
  z.strictObject({ kind: z.literal('codecommit') }),
]);

/** `catalog/platform.yaml`: what all services of a platform share. */
export const platformSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of this format.'),
    name: nameField
      .max(16, 'a name of at most 16 characters (it begins every AWS name)')
      .describe('Begins the name of everything on AWS.'),
    pipeline: z
      .strictObject({
        account: accountField.describe('The AWS account.'),
        region: regionField.describe('The region.'),
        permissionsBoundary: z
          .string()
          .regex(/^[A-Za-z0-9+=,.@_-]{1,128}$/, 'the name of a managed policy')
          .optional()
          .describe(
            'Managed policy that bounds every role of ours, so that who deploys can give no more: `bowline explain boundary` prints it.',
          ),
      })
      .describe('Where pipelines, images and signing keys live.'),
    registry: z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[0-9]{1,5})?$/, 'a registry host')
      .optional()
      .describe('Registry host. Default: the ECR registry of the pipeline account.'),
    source: z
      .strictObject({
        kind: z
          .enum(['connection', 'codecommit'], { error: '"connection" or "codecommit"' })
          .default('connection')
          .describe(
            'A CodeConnections connection (GitHub, GitLab, Bitbucket), or CodeCommit in the account of the pipelines.',
          ),
        provider: z
          .enum(sourceProviders, { error: `one of ${sourceProviders.join(', ')}` })
          .default('github')
          .describe('What the connection leads to. Pull requests are built for github.'),
        connection: z
          .string()
          .regex(
            /^arn:aws[a-z-]*:(?:codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/[0-9a-f-]{36}$/,
            'the ARN of a CodeConnections connection',
          )
          .optional()
          .describe('The ARN of the CodeConnections connection; none with CodeCommit.'),
      })
      .describe('Through what pipelines read sources.'),
    ledger: z
      .strictObject({
        repository: z
          .string()
          .regex(
            /^(?:https:\/\/|ssh:\/\/|file:\/\/|git@)[A-Za-z0-9@:/._~-]+$/,
            'a git URL such as https://github.com/example/gitops.git',
          )
          .describe('Its URL.'),
        branch: branchField.default('main').describe('The branch that Argo CD reads and promotions write.'),
        credential: ledgerCredentialSchema
          .optional()
          .describe(
            "How promote writes: a GitHub App, or IAM for CodeCommit. The App's key is a PEM in the secret; `api` only where it is not beside the ledger's host.",
          ),
        write: z
          .enum(['push', 'pull-request'], { error: '"push" or "pull-request"' })
          .default('push')
          .describe(
            'How promotions come into the ledger: straight to its branch, or as a pull request for each that somebody merges. The latter needs a GitHub App.',
          ),
      })
      .describe('The GitOps repository: the ledger.'),
    bases: z
      .strictObject({
        builder: imageField.describe('Go toolchain image that compiles.'),
        builderCgo: imageField.optional().describe('Go toolchain image with a C compiler and glibc, for cgo.'),
        builderMusl: imageField
          .optional()
          .describe('Go toolchain image with a C compiler and musl, for cgo on alpine.'),
        static: imageField.describe(
          'distroless/static: also where scratch images take CA certificates and time zones from.',
        ),
        glibc: imageField.optional().describe('distroless/base: for cgo.'),
        alpine: imageField.optional().describe('alpine: for services that want debugging tools.'),
      })
      .describe('Base images by digest.'),
    toolbox: imageField.optional().describe('The image that every verb runs in. `bowline bootstrap` writes it.'),
    signingKeys: z
      .record(
        nameField,
        z
          .array(z.int().min(1, 'a number of 1 or above'))
          .min(1, 'at least one key')
          .refine((keys) => keys.every((key, index) => index === 0 || key > (keys[index - 1] ?? 0)), {
            error: 'rising numbers: the newest key is the last',
          }),
      )
      .default({})
      .describe(
        'Keys of a class by number, such as { production: [1, 2] } while a key is being replaced: the last one signs. Default: [1] for every class.',
      ),
    findings: z
      .strictObject({
        block: z
          .enum(severities, { error: `one of ${severities.join(', ')}` })
          .default('high')
          .describe('The severity from which on a finding stops a release.'),
        unknown: z
          .enum(severities, { error: `one of ${severities.join(', ')}` })
          .default('high')
          .describe('What a finding without a known severity counts as.'),
        reachable: z
          .enum(['block', 'by-severity'], { error: '"block" or "by-severity"' })
          .default('block')
          .describe('A vulnerable function that is really called: stop at any severity, or by severity.'),
        databaseMaxAge: durationField
          .default('5d')
          .describe('A vulnerability database that is older than this is no evidence.'),
      })
      .prefault({})
      .describe('What a finding has to be to stop a release.'),
    delivery: z
      .strictObject({
        prometheus: z
          .string()
          .regex(/^https?:\/\/[A-Za-z0-9./:_-]+$/, 'the URL of Prometheus')
          .default('http://prometheus-operated.monitoring:9090')
          .describe('Where Flagger asks.'),
        gateway: z
          .strictObject({
            name: nameField.describe('Its name.'),
            namespace: nameField.describe('Its namespace.'),
          })
          .default({ name: 'public', namespace: 'gateway' })
          .describe('The Gateway that brings the traffic.'),
        hostname: z
          .string()
          .regex(
            /^(?:[a-z0-9.-]|\{service\}|\{team\}|\{environment\})+$/,
            'a host rule such as {service}.{environment}.example.com',
          )
          .default('{service}.{environment}.example.com')
          .describe('Host name of a service: may use {service}, {team} and {environment}.'),
        loadTester: z
          .string()
          .regex(/^https?:\/\/[A-Za-z0-9./:_-]+$/, 'the URL of a Flagger load tester')
          .default('http://flagger-loadtester.flagger')
          .describe('Makes the requests that a blue-green release is judged by.'),
        agent: z
          .string()
          .regex(/^https?:\/\/[A-Za-z0-9./:_-]+$/, 'the URL of the agent')
          .default('http://bowline-agent.bowline:8080')
          .describe('The in-cluster agent, for services that say agent: true.'),
        addOns: z
          .array(z.enum(addOns, { error: `one of ${addOns.join(', ')}` }))
          .meta({ uniqueItems: true })
          .default([])
          .describe(
            'What Argo CD installs beside the services, as pinned Helm charts. What is not named is yours to bring.',
          ),
        receivers: z
          .strictObject({
            page: webhookUrl.optional().describe('Where Alertmanager sends what has to wake somebody.'),
            ticket: webhookUrl.optional().describe('Where it sends what can wait until morning.'),
          })
          .prefault({})
          .describe('Webhooks of Alertmanager.'),
        chat: z
          .strictObject({
            kind: z.enum(chats, { error: `one of ${chats.join(', ')}` }).describe('Which chat.'),
            secret: z
              .string()
              .regex(
                /^(?:[a-z0-9-]|\{service\}|\{team\}|\{environment\})+$/,
                'the name of a Secret, or a rule for it such as {team}-chat',
              )
              .describe(
                "Secret in a service's namespace with the webhook's URL as `address`: may use {service}, {team} and {environment}.",
              ),
          })
          .optional()
          .describe('Where Flagger tells the team at once that its release was taken back, and by which check.'),
        argocdNamespace: nameField.default('argocd').describe('Where Argo CD runs.'),
        monitorLabels: z
          .record(z.string(), z.string())
          .default({ release: 'prometheus' })
          .describe('Labels by which Prometheus finds monitors and rules.'),
        tracing: z
          .string()
          .regex(/^https?:\/\//, 'an OTLP endpoint URL')
          .optional()
          .describe('Where services send traces.'),
        dashboards: z
          .string()
          .regex(/^https?:\/\//, 'the URL of Grafana')
          .optional()
          .describe('Where dashboards are looked at.'),
      })
      .prefault({})
      .describe('What runs in every cluster.'),
    environments: z
      .array(environmentSchema)
      .min(1, 'at least one environment, in order of promotion')
      .max(8, 'at most eight environments'),
  })
  .meta({ title: 'Bowline platform', description: 'What all services of a platform share.' });

export type Platform = z.output<typeof platformSchema>;
export type Environment = Platform['environments'][number];

/** The registry host of a platform: the stated one, or the ECR registry of the pipeline account. */
export function registryHost(platform: Platform): string {
  return platform.registry ?? ecrHost(platform);
}

/** The ECR registry of the pipeline account. */
export function ecrHost({ pipeline: { account, region } }: Pick<Platform, 'pipeline'>): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
}
