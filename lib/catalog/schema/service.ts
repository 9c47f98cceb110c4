import { z } from 'zod';
import { binaryPlatforms, imagePlatforms } from '../../values';
import {
  branchField,
  cpuField,
  durationBetween,
  memoryField,
  nameField,
  percentField,
  portField,
  replicasField,
  settingField,
  sourcePathField,
  urlPathField,
} from './fields';

export const rolloutPresets = ['fast', 'balanced', 'careful', 'blue-green'] as const;
export type RolloutPreset = (typeof rolloutPresets)[number];

const environmentVariable = z
  .string()
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'an environment variable in upper case, such as LOG_LEVEL');

const sizeSchema = z.strictObject({
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
          .regex(/^[a-z0-9][a-z0-9.-]*$/, 'the name of a Kubernetes Secret')
          .describe('The name of the Secret.'),
        key: z
          .string()
          .regex(/^[A-Za-z0-9._-]+$/, 'a key of the Secret')
          .describe('The key in the Secret.'),
      }),
    )
    .default({})
    .describe('Environment variables that reference keys of Kubernetes Secrets.'),
  requestsPerSecond: z
    .number()
    .positive('a number greater than 0')
    .optional()
    .describe('Expected traffic in this environment, if it differs from traffic.requestsPerSecond.'),
});

/** `catalog/services/<name>.yaml`: the description of one service, written by its team. */
export const serviceSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of the file format.'),
    kind: z
      .literal('http', {
        error:
          '"http": Bowline does not support workers and scheduled jobs yet, because they receive no traffic to shift',
      })
      .default('http')
      .describe('The kind of service. Only HTTP services are supported.'),
    name: nameField.describe('The name of the service, the same in every environment.'),
    team: nameField.describe('The team that owns the service. It becomes an Argo CD project and a label.'),
    source: z.strictObject({
      repository: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/, 'owner/repository')
        .describe('The source repository: owner/repository for a connection, or only the name for CodeCommit.'),
      branch: branchField.default('main').describe('The branch to release. Each push starts the pipeline.'),
      directory: sourcePathField
        .default('.')
        .describe('The folder that contains go.mod, relative to the root of the repository.'),
      paths: z
        .array(sourcePathField)
        .default([])
        .describe(
          'Additional folders and files whose changes release this service, such as [cmd/hello, internal], in a repository with several services. If the name of a folder contains a dot, end it with "/". Default: only the directory.',
        ),
    }),
    build: z
      .strictObject({
        main: sourcePathField.default('.').describe('The main package, relative to the folder that contains go.mod.'),
        cgo: z
          .boolean('true or false')
          .default(false)
          .describe('Link C code. The base image then includes a C library.'),
        vendor: z
          .enum(['auto', 'always', 'never'], { error: '"auto", "always" or "never"' })
          .default('auto')
          .describe('Whether to build from the vendor folder. auto uses the folder if it exists.'),
        base: z
          .enum(['scratch', 'alpine', 'distroless'], { error: '"scratch", "alpine" or "distroless"' })
          .optional()
          .describe('Overrides the base image that `bowline explain service` shows.'),
        debugTools: z
          .boolean('true or false')
          .default(false)
          .describe('Include debugging tools (a shell) in the image. The base image is then alpine.'),
        certificates: z
          .boolean('true or false')
          .default(true)
          .describe('Include CA certificates in a scratch image. TLS clients need them.'),
        timeZones: z
          .boolean('true or false')
          .default(true)
          .describe('Include time zones in a scratch image. time.LoadLocation needs them.'),
        include: z
          .array(sourcePathField)
          .default([])
          .describe(
            'Additional files for the build context. Embedded files are included automatically, except for keys, logs and dotfiles, which must be listed here.',
          ),
        tags: z
          .array(z.string().regex(/^[A-Za-z0-9_.]+$/, 'a build tag'))
          .default([])
          .describe('Go build tags.'),
        linkFlags: z
          .array(
            z
              .string()
              .regex(
                /^-(?:X=[A-Za-z0-9_./-]+=[A-Za-z0-9_.:/+-]*|linkmode=external|extldflags=-static|compressdwarf=(?:true|false)|checklinkname=0)$/,
                'a linker flag, such as -X=example.com/app/version.Name=value',
              ),
          )
          .default([])
          .describe('Additional linker flags. -s -w -buildid= are always set.'),
        platforms: z
          .array(z.enum(imagePlatforms, { error: `one of ${imagePlatforms.join(', ')}` }))
          .min(1, 'at least one target platform')
          .meta({ uniqueItems: true })
          .optional()
          .describe('Target platforms of the image. Default: linux/amd64 and linux/arm64, or linux/amd64 with cgo.'),
        binaries: z
          .array(z.enum(binaryPlatforms, { error: `one of ${binaryPlatforms.join(', ')}` }))
          .meta({ uniqueItems: true })
          .default([])
          .describe('Target platforms of plain binaries, built in addition to the image.'),
      })
      .prefault({}),
    port: portField.default(8080).describe('The port for requests, metrics and probes.'),
    metricsPath: urlPathField.default('/metrics').describe('The path that Prometheus scrapes.'),
    metrics: z
      .enum(['client_golang', 'opentelemetry'], { error: '"client_golang" or "opentelemetry"' })
      .default('client_golang')
      .describe('The library that defines the metric names of the service.'),
    probes: z
      .strictObject({
        ready: urlPathField.default('/readyz').describe('Returns 200 when the process can accept requests.'),
        live: urlPathField
          .default('/livez')
          .describe('Returns 200 while the process is healthy. Otherwise Kubernetes restarts it.'),
      })
      .prefault({}),
    traffic: z
      .strictObject({
        requestsPerSecond: z
          .number('a number')
          .positive('a number greater than 0')
          .default(50)
          .describe('Expected traffic. It determines how much evidence a canary can provide.'),
        path: urlPathField
          .default('/')
          .describe('The path of generated requests, for a plan that judges a release by them (blue-green).'),
      })
      .prefault({}),
    network: z
      .strictObject({
        from: z
          .array(nameField)
          .default([])
          .describe('Services that call this service. The gateway and Prometheus are always allowed.'),
        to: z
          .array(
            z.union(
              [
                z.strictObject({ service: nameField.describe('The name of a service in the catalog.') }),
                z.strictObject({
                  cidr: z.cidrv4('an IPv4 range in CIDR notation, such as 10.20.0.0/16').describe('An IPv4 range.'),
                  port: z.int().min(1).max(65535).describe('The TCP port.'),
                }),
              ],
              { error: 'a service, or an IPv4 range with a port: { cidr: 10.20.0.0/16, port: 5432 }' },
            ),
          )
          .default([])
          .describe('Services and IPv4 ranges that this service calls. DNS and traces are always allowed.'),
      })
      .prefault({})
      .describe('Allowed connections. All other traffic is denied.'),
    objectives: z
      .strictObject({
        errorRate: percentField
          .default('1%')
          .describe('Maximum share of failed requests. A canary above it is rolled back.'),
        p99: durationBetween('5ms', '30s')
          .default('500ms')
          .describe('Maximum 99th percentile of the latency. A canary above it is rolled back.'),
        availability: z
          .string()
          .regex(/^99(?:\.[0-9]{1,3})?%$/, 'an availability, such as 99.9%')
          .default('99.9%')
          .describe('The service level objective of the burn-rate alerts.'),
      })
      .prefault({}),
    rollback: z
      .strictObject({
        budget: durationBetween('10s', '30m')
          .default('65s')
          .describe('The maximum time that a bad release may affect users.'),
        plan: z
          .enum(rolloutPresets, { error: `one of ${rolloutPresets.join(', ')}` })
          .default('fast')
          .describe('The rollout plan of each release.'),
        steps: z
          .array(z.int().min(1, 'at least 1').max(100, 'at most 100'))
          .min(1, 'at least one weight')
          .optional()
          .describe('Canary weights in percent. Overrides the plan.'),
        threshold: z
          .int()
          .min(1, 'at least 1')
          .max(100, 'at most 100')
          .optional()
          .describe('The number of failed checks that triggers a rollback. Overrides the plan.'),
        interval: durationBetween('10s', '10m').optional().describe('The time between checks. Overrides the plan.'),
        window: durationBetween('10s', '30m')
          .optional()
          .describe('The time range that a check evaluates. Overrides the plan.'),
        scrape: durationBetween('1s', '2m').optional().describe('The time between scrapes. Overrides the plan.'),
        progressDeadline: durationBetween('10s', '30m')
          .optional()
          .describe('The maximum time for pods to become ready.'),
      })
      .prefault({}),
    agent: z
      .boolean('true or false')
      .default(false)
      .describe(
        'Add the rollback hook: alerts roll a release back through the agent of the cluster, which is not part of this version yet.',
      ),
    environments: z.record(nameField, sizeSchema).default({}).describe('Sizes and settings per environment.'),
    compute: z
      .enum(['small', 'medium', 'large'], { error: '"small", "medium" or "large"' })
      .default('small')
      .describe('The CodeBuild compute size of the build.'),
    timeout: durationBetween('5m', '2h').default('20m').describe('The maximum duration of a build.'),
  })
  .meta({ title: 'Bowline service', description: 'The description of one service.' });

export type Service = z.output<typeof serviceSchema>;
