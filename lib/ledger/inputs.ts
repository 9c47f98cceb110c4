import { z } from 'zod';
import {
  addOns,
  chatKinds,
  type Environment,
  type Platform,
  registryHost,
  type ServiceInEnvironment,
} from '../catalog';
import { BowlineError, exitCodes } from '../errors';
import { environmentPath, releasePath, servicePath } from './layout';
import { parseReleaseFile, type ReleaseFile } from './release-file';

const text = z.string().min(1, 'some text');
const seconds = z.number().positive('a number of seconds above 0');
const ledgerSchema = z.object({ repository: text, branch: text });
const gatewaySchema = z.object({ name: text, namespace: text });

const environmentFileSchema = z.object({
  version: z.literal(1),
  name: text,
  class: text,
  /** Destination server of the Argo CD Applications. */
  cluster: text,
  argocdNamespace: text,
  ledger: ledgerSchema,
  /** Registry host that images are pulled from. */
  registry: text,
  prometheus: text,
  gateway: gatewaySchema,
  monitorLabels: z.record(z.string(), z.string()),
  tracing: z.string().optional(),
  dashboards: z.string().optional(),
  // Later than the first ledgers: what those were rendered with stands in their place.
  agentUrl: text.default('http://bowline-agent.bowline:8080'),
  addOns: z.array(z.enum(addOns)).default([]),
  receivers: z.object({ page: text.optional(), ticket: text.optional() }).default({}),
});

/** `environments/<environment>.json` of the ledger: what all services of an environment share, written by publish. */
export type EnvironmentFile = Readonly<z.output<typeof environmentFileSchema>>;

const peerSchema = z.object({ service: text, namespace: text });

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
  gateway: gatewaySchema,
  monitorLabels: z.record(z.string(), z.string()),
  tracing: z.string().optional(),
  chat: z.object({ kind: z.enum(chatKinds), secret: text }).optional(),
  dashboards: z.string().optional(),
  port: z.int(),
  metricsPath: text,
  metrics: z.enum(['client_golang', 'opentelemetry']),
  probes: z.object({ ready: text, live: text }),
  replicas: z.int().min(1),
  maxReplicas: z.int().min(1),
  cpu: text,
  memory: text,
  settings: z.record(z.string(), z.string()),
  secrets: z.record(z.string(), z.object({ name: text, key: text })),
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
  // Later than the first ledgers: what those were rendered with stands in their place.
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

/** An input of the ledger that can't be used; the message names the file and the field. */
export class LedgerInputError extends BowlineError {
  override readonly name = 'LedgerInputError';
  constructor(
    readonly file: string,
    problem: string,
  ) {
    super('failed', `${file}: ${problem}`, exitCodes.inconclusive);
  }
}

/** The environment file of an environment of the catalog. */
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
    prometheus: delivery.prometheus,
    gateway: delivery.gateway,
    monitorLabels: delivery.monitorLabels,
    ...(delivery.tracing === undefined ? {} : { tracing: delivery.tracing }),
    ...(delivery.dashboards === undefined ? {} : { dashboards: delivery.dashboards }),
    agentUrl: delivery.agent,
    addOns: delivery.addOns,
    receivers: delivery.receivers,
  };
}

/** Reads `environments/<name>.json`. Fields that this version does not know are passed over. @throws LedgerInputError */
export function parseEnvironmentFile(name: string, json: string): EnvironmentFile {
  const file = environmentPath(name);
  const value = parsed(file, json, environmentFileSchema);
  sameAsPath(file, 'name', value.name, name);
  return value;
}

/**
 * Reads `services/<environment>/<service>.json`. Fields that this version does not know are passed over: a later version may have
 * written them, and then the manifests are not rendered anew (see `output.ts`).
 * @throws LedgerInputError
 */
export function parseServiceFile(environment: string, service: string, json: string): ServiceInEnvironment {
  const file = servicePath(environment, service);
  const value: ServiceInEnvironment = parsed(file, json, serviceFileSchema);
  sameAsPath(file, 'environment', value.environment, environment);
  sameAsPath(file, 'name', value.name, service);
  return value;
}

/** Reads `releases/<environment>/<service>.json`. @throws LedgerInputError */
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
  sameAsPath(file, 'environment', value.environment, environment);
  sameAsPath(file, 'service', value.service, service);
  return value;
}

function parsed<Schema extends z.ZodType>(file: string, json: string, schema: Schema): z.output<Schema> {
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

/** A file that speaks of something else than its path says was moved by hand, and must not be believed. */
function sameAsPath(file: string, field: string, found: string, expected: string): void {
  if (found !== expected) {
    throw new LedgerInputError(
      file,
      `${field} is ${JSON.stringify(found)}, but the path says ${JSON.stringify(expected)}`,
    );
  }
}
