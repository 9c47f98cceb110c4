import { z } from 'zod';
import {
  addOns,
  chatKinds,
  type Environment,
  type Platform,
  registryHost,
  resolvePrometheus,
  type ServiceInEnvironment,
} from '../catalog';
import { BowlineError, exitCodes } from '../errors';
import { environmentPath, releasePath, servicePath } from './layout';
import { resolveMetricsPreset, serviceMetricsSchema } from './metrics-input';
import { parseReleaseFile, type ReleaseFile } from './release-file';

const text = z.string().min(1, 'a non-empty string');
const seconds = z.number().positive('a number of seconds greater than 0');
const ledgerSchema = z.object({ repository: text, branch: text });
const gatewaySchema = z.object({ name: text, namespace: text });

const environmentFileSchema = z.object({
  version: z.literal(1),
  name: text,
  class: text,
  /** The destination server of the Argo CD Applications. */
  cluster: text,
  argocdNamespace: text,
  ledger: ledgerSchema,
  /** The registry host to pull images from. */
  registry: text,
  /** The path in the registry below which each service has the repository of its name. Absent in files of former versions. */
  repositories: text.optional(),
  prometheus: text,
  gateway: gatewaySchema,
  monitorLabels: z.record(z.string(), z.string()),
  tracing: z.string().optional(),
  dashboards: z.string().optional(),
  // Added after the first version of the format. The defaults are the values that older ledgers were rendered with.
  agentUrl: text.default('http://bowline-agent.bowline:8080'),
  addOns: z.array(z.enum(addOns)).default([]),
  receivers: z.object({ page: text.optional(), ticket: text.optional() }).default({}),
});

/** `environments/<environment>.json` of the ledger: the settings that all services of an environment share, written by publish. */
export type EnvironmentFile = Readonly<z.output<typeof environmentFileSchema>>;

const peerSchema = z.object({ service: text, namespace: text });
const clusterPeerSchema = z.union([z.object({ namespace: text }), z.object({ cidr: text })]);
const nameServerSchema = z.union([
  z.object({ namespace: text, port: z.int().optional() }),
  z.object({ cidr: text, port: z.int().optional() }),
]);

const serviceFileSchema = z.object({
  version: z.literal(1),
  name: text,
  team: text,
  environment: text,
  class: text,
  namespace: text,
  hostname: text,
  cluster: text,
  argocdNamespace: text,
  ledger: ledgerSchema,
  prometheus: text,
  prometheusAccess: z
    .object({ headers: z.record(z.string(), z.string()).optional(), secret: text.optional() })
    .optional(),
  gateway: gatewaySchema,
  gatewayFrom: z.array(clusterPeerSchema).optional(),
  scrapers: z.array(clusterPeerSchema).optional(),
  dns: z.array(nameServerSchema).optional(),
  monitorLabels: z.record(z.string(), z.string()),
  tracing: z.string().optional(),
  chat: z.object({ kind: z.enum(chatKinds), secret: text }).optional(),
  dashboards: z.string().optional(),
  port: z.int(),
  args: z.array(z.string()).optional(),
  protocol: z.literal('h2c').optional(),
  ports: z.array(z.object({ name: text, port: z.int() })).optional(),
  metrics: serviceMetricsSchema,
  probes: z.object({ ready: text, live: text, port: z.int().optional() }),
  replicas: z.int().min(1),
  maxReplicas: z.int().min(1),
  cpu: text,
  memory: text,
  settings: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.object({ name: text, key: text })),
  files: z.record(z.string(), z.string()).optional(),
  role: text.optional(),
  tmpSize: text.optional(),
  shutdown: z.object({ drainSeconds: seconds, gracePeriodSeconds: seconds }).optional(),
  requestsPerSecond: z.number().positive(),
  objectives: z.object({ errorRate: z.number(), p99Seconds: seconds, availability: z.number() }),
  rollback: z.object({
    budgetSeconds: seconds,
    plan: z.enum(['fast', 'balanced', 'careful', 'blue-green']),
    steps: z.array(z.number()).optional(),
    threshold: z.number().optional(),
    intervalSeconds: seconds.optional(),
    windowSeconds: seconds.optional(),
    scrapeSeconds: seconds.optional(),
    progressDeadlineSeconds: seconds.optional(),
  }),
  agent: z.boolean(),
  // Added after the first version of the format. The defaults are the values that older ledgers were rendered with.
  trafficPath: text.default('/'),
  loadTester: text.default('http://flagger-loadtester.flagger'),
  agentUrl: text.default('http://bowline-agent.bowline:8080'),
  network: z
    .object({
      from: z.array(peerSchema),
      to: z.array(z.union([peerSchema, z.object({ cidr: text, port: z.int() })])),
    })
    .default({ from: [], to: [] }),
});

/** An invalid input file of the ledger. The message names the file and the field. */
export class LedgerInputError extends BowlineError {
  override readonly name = 'LedgerInputError';
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super('failed', `${file}: ${problem}`, exitCodes.inconclusive);
  }
}

/** Creates the environment file for an environment of the catalog. */
export function environmentFile(platform: Platform, environment: Environment): EnvironmentFile {
  const { delivery } = platform;
  return {
    version: 1,
    name: environment.name,
    class: environment.class,
    cluster: environment.cluster,
    argocdNamespace: delivery.argocdNamespace,
    ledger: { repository: platform.ledger.repository, branch: platform.ledger.branch },
    registry: registryHost(platform),
    repositories: platform.name,
    prometheus: resolvePrometheus(platform).url,
    gateway: { name: delivery.gateway.name, namespace: delivery.gateway.namespace },
    monitorLabels: delivery.monitorLabels,
    tracing: delivery.tracing,
    dashboards: delivery.dashboards,
    agentUrl: delivery.agent,
    addOns: delivery.addOns,
    receivers: delivery.receivers,
  };
}

/** Parses `environments/<name>.json`. Ignores unknown fields. @throws LedgerInputError */
export function parseEnvironmentFile(name: string, json: string): EnvironmentFile {
  const file = environmentPath(name);
  const value = parseJson(file, json, environmentFileSchema);
  requireSameAsPath(file, 'name', value.name, name);
  return value;
}

/**
 * Parses `services/<environment>/<service>.json`. Ignores unknown fields: a later version may have written them. In that case this version
 * does not reproduce the manifests and does not render them (see `renderRelease`).
 * @throws LedgerInputError
 */
export function parseServiceFile(environment: string, service: string, json: string): ServiceInEnvironment {
  const file = servicePath(environment, service);
  const value: ServiceInEnvironment = parseJson(file, json, z.preprocess(resolveMetricsPreset, serviceFileSchema));
  requireSameAsPath(file, 'environment', value.environment, environment);
  requireSameAsPath(file, 'name', value.name, service);
  return value;
}

/** Parses `releases/<environment>/<service>.json`. @throws LedgerInputError */
export function parseReleaseInput(environment: string, service: string, json: string): ReleaseFile {
  const file = releasePath(environment, service);
  let value: ReleaseFile;
  try {
    value = parseReleaseFile(json);
  } catch (error) {
    throw new LedgerInputError(
      file,
      error instanceof SyntaxError
        ? 'is not JSON'
        : (error as Error).message.replace('malformed release file', 'malformed'),
    );
  }
  requireSameAsPath(file, 'environment', value.environment, environment);
  requireSameAsPath(file, 'service', value.service, service);
  return value;
}

function parseJson<Schema extends z.ZodType>(file: string, json: string, schema: Schema): z.output<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    throw new LedgerInputError(file, 'is not JSON');
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new LedgerInputError(file, `malformed at ${issue?.path.join('.') || 'its root'}: ${issue?.message}`);
  }
  return result.data;
}

/** Rejects a file whose content does not match its path, for example because someone moved it. */
function requireSameAsPath(file: string, field: string, found: string, expected: string): void {
  if (found !== expected) {
    throw new LedgerInputError(
      file,
      `${field} is ${JSON.stringify(found)}, but the path requires ${JSON.stringify(expected)}`,
    );
  }
}
