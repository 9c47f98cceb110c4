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
  .regex(/^[A-Z_][A-Z0-9_]*$/, 'an environment variable in capitals such as LOG_LEVEL');

const sizeSchema = z.strictObject({
  replicas: replicasField.optional().describe('Replicas at least; the autoscaler may add more.'),
  maxReplicas: z
    .int()
    .min(1, 'at least 1 replica')
    .max(500, 'at most 500 replicas')
    .optional()
    .describe('Upper bound of the autoscaler. Default: three times the replicas.'),
  cpu: cpuField.optional().describe('Requested CPU of a replica.'),
  memory: memoryField.optional().describe('Requested memory of a replica, and its limit.'),
  settings: z
    .record(environmentVariable, settingField)
    .prefault({})
    .describe('Plain configuration, as environment variables: text, numbers, true or false.'),
  secrets: z
    .record(
      environmentVariable,
      z.strictObject({
        name: z
          .string()
          .regex(/^[a-z0-9][a-z0-9.-]*$/, 'the name of a Secret')
          .describe('The Secret.'),
        key: z
          .string()
          .regex(/^[A-Za-z0-9._-]+$/, 'a key in the Secret')
          .describe('The key in it.'),
      }),
    )
    .default({})
    .describe('Environment variables out of Secrets, by reference.'),
  requestsPerSecond: z.number().positive('more than 0').optional().describe('Traffic expected here, where it differs.'),
});

/** `catalog/services/<name>.yaml`: what a team writes. */
export const serviceSchema = z
  .strictObject({
    version: z.literal(1, { error: '1, the version of this format' }).describe('The version of this format.'),
    kind: z
      .literal('http', {
        error: '"http": workers and scheduled jobs have no rollout by traffic yet, so Bowline does not take them',
      })
      .default('http')
      .describe('HTTP services alone, for now.'),
    name: nameField.describe('The name of the service, the same in every environment.'),
    team: nameField.describe('The team that owns it: an Argo CD project, and a label.'),
    source: z.strictObject({
      repository: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9][A-Za-z0-9_.-]*)*$/, 'owner/repository')
        .describe(
          'Where the source is, behind the connection of the platform: owner/repository; with CodeCommit the name alone.',
        ),
      branch: branchField.default('main').describe('The branch whose pushes are released.'),
      directory: sourcePathField.default('.').describe('Folder of go.mod, from the root of the repository.'),
      paths: z
        .array(sourcePathField)
        .default([])
        .describe(
          'More folders and files of a repository of many services whose changes release this one, such as [cmd/hello, internal]; a final "/" says folder where a name has a dot. Default: its directory.',
        ),
    }),
    build: z
      .strictObject({
        main: sourcePathField.default('.').describe('The main package, from the folder of go.mod.'),
        cgo: z.boolean('true or false').default(false).describe('Link C code. Then the base brings a C library.'),
        vendor: z
          .enum(['auto', 'always', 'never'], { error: '"auto", "always" or "never"' })
          .default('auto')
          .describe('Use the vendor folder: auto means where there is one.'),
        base: z
          .enum(['scratch', 'alpine', 'distroless'], { error: '"scratch", "alpine" or "distroless"' })
          .optional()
          .describe('Only to overrule the choice that `bowline explain` shows.'),
        debugTools: z
          .boolean('true or false')
          .default(false)
          .describe('Debugging tools (a shell) in the image: then the base is alpine.'),
        certificates: z
          .boolean('true or false')
          .default(true)
          .describe('CA certificates in a scratch image: needed to call anything over TLS.'),
        timeZones: z
          .boolean('true or false')
          .default(true)
          .describe('Time zones in a scratch image: needed by time.LoadLocation.'),
        include: z
          .array(sourcePathField)
          .default([])
          .describe(
            'More files for the build context: what is embedded is found by itself, but never keys, logs and dotfiles unless named here.',
          ),
        tags: z
          .array(z.string().regex(/^[A-Za-z0-9_.]+$/, 'a build tag'))
          .default([])
          .describe('Build tags of the compiler.'),
        linkFlags: z
          .array(
            z
              .string()
              .regex(
                /^-(?:X=[A-Za-z0-9_./-]+=[A-Za-z0-9_.:/+-]*|linkmode=external|extldflags=-static|compressdwarf=(?:true|false)|checklinkname=0)$/,
                'a linker flag such as -X=example.com/app/version.Name=value',
              ),
          )
          .default([])
          .describe('More linker flags; -s -w -buildid= are always there.'),
        platforms: z
          .array(z.enum(imagePlatforms, { error: `one of ${imagePlatforms.join(', ')}` }))
          .min(1, 'at least one platform')
          .meta({ uniqueItems: true })
          .optional()
          .describe('Default: linux/amd64 and linux/arm64; with cgo linux/amd64.'),
        binaries: z
          .array(z.enum(binaryPlatforms, { error: `one of ${binaryPlatforms.join(', ')}` }))
          .meta({ uniqueItems: true })
          .default([])
          .describe('Plain binaries beside the image.'),
      })
      .prefault({}),
    port: portField.default(8080).describe('The port that serves requests, metrics and probes.'),
    metricsPath: urlPathField.default('/metrics').describe('Where Prometheus reads metrics.'),
    metrics: z
      .enum(['client_golang', 'opentelemetry'], { error: '"client_golang" or "opentelemetry"' })
      .default('client_golang')
      .describe('The family of metric names that the service exports.'),
    probes: z
      .strictObject({
        ready: urlPathField.default('/readyz').describe('Answers 200 when the process can take requests.'),
        live: urlPathField.default('/livez').describe('Answers 200 while the process is not stuck.'),
      })
      .prefault({}),
    traffic: z
      .strictObject({
        requestsPerSecond: z
          .number('a number')
          .positive('more than 0')
          .default(50)
          .describe('Expected traffic: decides how much evidence a canary can give.'),
        path: urlPathField
          .default('/')
          .describe('What generated requests ask for, where a plan judges a release by them (blue-green).'),
      })
      .prefault({}),
    network: z
      .strictObject({
        from: z
          .array(nameField)
          .default([])
          .describe('Services that call this one. The gateway and Prometheus may always; nobody else.'),
        to: z
          .array(
            z.union(
              [
                z.strictObject({ service: nameField.describe('A service of the catalog.') }),
                z.strictObject({
                  cidr: z.cidrv4('a range such as 10.20.0.0/16').describe('A range of addresses.'),
                  port: z.int().min(1).max(65535).describe('The TCP port there.'),
                }),
              ],
              { error: 'a service, or a range of addresses with a port: { cidr: 10.20.0.0/16, port: 5432 }' },
            ),
          )
          .default([])
          .describe('What this service calls. Names are always resolved, traces always sent; nothing else.'),
      })
      .prefault({})
      .describe('Who may speak to whom; everything else is denied.'),
    objectives: z
      .strictObject({
        errorRate: percentField.default('1%').describe('Share of bad answers above which a canary is taken back.'),
        p99: durationBetween('5ms', '30s')
          .default('500ms')
          .describe('Latency of the slowest hundredth above which a canary is taken back.'),
        availability: z
          .string()
          .regex(/^99(?:\.[0-9]{1,3})?%$/, 'an availability such as 99.9%')
          .default('99.9%')
          .describe('The service level objective that the burn-rate alerts watch.'),
      })
      .prefault({}),
    rollback: z
      .strictObject({
        budget: durationBetween('10s', '30m')
          .default('65s')
          .describe('The longest that a bad release may reach users.'),
        plan: z
          .enum(rolloutPresets, { error: `one of ${rolloutPresets.join(', ')}` })
          .default('fast')
          .describe('How a release reaches users.'),
        steps: z
          .array(z.int().min(1, 'at least 1').max(100, 'at most 100'))
          .min(1, 'at least one weight')
          .optional()
          .describe('Canary weights in percent, instead of those of the plan.'),
        threshold: z
          .int()
          .min(1, 'at least 1')
          .max(100, 'at most 100')
          .optional()
          .describe('Failed checks before a rollback, instead of that of the plan.'),
        interval: durationBetween('10s', '10m')
          .optional()
          .describe('Time between checks, instead of that of the plan.'),
        window: durationBetween('10s', '30m')
          .optional()
          .describe('How far back a check looks, instead of that of the plan.'),
        scrape: durationBetween('1s', '2m').optional().describe('Time between scrapes, instead of that of the plan.'),
        progressDeadline: durationBetween('10s', '30m').optional().describe('How long pods may take to get ready.'),
      })
      .prefault({}),
    agent: z
      .boolean('true or false')
      .default(false)
      .describe('The in-cluster agent takes part: gates and alert-driven rollback.'),
    environments: z.record(nameField, sizeSchema).default({}).describe('Size and settings per environment.'),
    compute: z
      .enum(['small', 'medium', 'large'], { error: '"small", "medium" or "large"' })
      .default('small')
      .describe('CodeBuild size of the build.'),
    timeout: durationBetween('5m', '2h').default('20m').describe('Longest build.'),
  })
  .meta({ title: 'Bowline service', description: 'What a team writes about one service.' });

export type Service = z.output<typeof serviceSchema>;
