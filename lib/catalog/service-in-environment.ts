import { durationSeconds } from '../values';
import type { Catalog } from './catalog';
import { resolveSize } from './resolve-size';
import { parsePercentage } from './schema/fields';
import type { chatKinds, Environment, Platform } from './schema/platform';
import type { RolloutPreset, Service } from './schema/service';

/**
 * A service as one environment runs it, with all defaults applied and all values in base units (seconds, fractions).
 * The ledger stores it in `services/<environment>/<service>.json`. Together with the release it is the input of the charts.
 */
export interface ServiceInEnvironment {
  readonly version: 1;
  readonly name: string;
  readonly team: string;
  readonly environment: string;
  /** Environments of one class share a signing key. */
  readonly class: string;
  readonly namespace: string;
  readonly hostname: string;
  readonly cluster: string;
  readonly argocdNamespace: string;
  readonly ledger: { readonly repository: string; readonly branch: string };
  readonly prometheus: string;
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly monitorLabels: Readonly<Record<string, string>>;
  readonly tracing?: string;
  /** Notifies the team when a release is rolled back. The Secret is in the service's namespace. */
  readonly chat?: { readonly kind: (typeof chatKinds)[number]; readonly secret: string };
  readonly dashboards?: string;
  readonly port: number;
  readonly metricsPath: string;
  readonly metrics: 'client_golang' | 'opentelemetry';
  readonly probes: { readonly ready: string; readonly live: string };
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Kubernetes CPU quantity. */
  readonly cpu: string;
  /** Kubernetes memory quantity. Request and limit are equal. */
  readonly memory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, { readonly name: string; readonly key: string }>>;
  readonly requestsPerSecond: number;
  readonly objectives: {
    /** Maximum share of failed requests, 0 to 1. */
    readonly errorRate: number;
    readonly p99Seconds: number;
    /** Objective for the share of successful requests over 30 days, 0 to 1. */
    readonly availability: number;
  };
  readonly rollback: {
    readonly budgetSeconds: number;
    readonly plan: RolloutPreset;
    readonly steps?: readonly number[];
    readonly threshold?: number;
    readonly intervalSeconds?: number;
    readonly windowSeconds?: number;
    readonly scrapeSeconds?: number;
    readonly progressDeadlineSeconds?: number;
  };
  readonly agent: boolean;
  readonly trafficPath: string;
  readonly loadTester: string;
  readonly agentUrl: string;
  /** Allowed connections. Services are given by their name and namespace in this environment. */
  readonly network: {
    readonly from: readonly NetworkPeer[];
    readonly to: readonly (NetworkPeer | AddressRange)[];
  };
}

export interface NetworkPeer {
  readonly service: string;
  readonly namespace: string;
}

export interface AddressRange {
  readonly cidr: string;
  /** TCP. */
  readonly port: number;
}

/**
 * Resolves the sizes, names and units of a service for one environment.
 * @param teams the team of each service, to resolve the namespaces of network peers
 */
export function serviceInEnvironment(
  platform: Platform,
  service: Service,
  environment: Environment,
  teams: ReadonlyMap<string, string> = new Map(),
): ServiceInEnvironment {
  const overrides = service.environments[environment.name];
  const names: TemplateNames = { service: service.name, team: service.team, environment: environment.name };
  const { rollback } = service;
  const resolvePeer = (name: string): NetworkPeer => ({
    service: name,
    namespace: fillTemplate(environment.namespace, {
      service: name,
      team: teams.get(name) ?? service.team,
      environment: environment.name,
    }),
  });
  const seconds = (text: string | undefined) => (text === undefined ? undefined : durationSeconds(text));
  return omitUndefined({
    version: 1,
    name: service.name,
    team: service.team,
    environment: environment.name,
    class: environment.class,
    namespace: fillTemplate(environment.namespace, names),
    hostname: fillTemplate(platform.delivery.hostname, names),
    cluster: environment.cluster,
    argocdNamespace: platform.delivery.argocdNamespace,
    ledger: { repository: platform.ledger.repository, branch: platform.ledger.branch },
    prometheus: platform.delivery.prometheus,
    gateway: platform.delivery.gateway,
    monitorLabels: platform.delivery.monitorLabels,
    tracing: platform.delivery.tracing,
    chat: platform.delivery.chat && {
      ...platform.delivery.chat,
      secret: fillTemplate(platform.delivery.chat.secret, names),
    },
    dashboards: platform.delivery.dashboards,
    port: service.port,
    metricsPath: service.metricsPath,
    metrics: service.metrics,
    probes: service.probes,
    ...resolveSize(overrides, environment.defaults),
    settings: overrides?.settings ?? {},
    secrets: overrides?.secrets ?? {},
    requestsPerSecond: overrides?.requestsPerSecond ?? service.traffic.requestsPerSecond,
    objectives: {
      errorRate: parsePercentage(service.objectives.errorRate),
      p99Seconds: durationSeconds(service.objectives.p99),
      availability: parsePercentage(service.objectives.availability),
    },
    rollback: omitUndefined({
      budgetSeconds: durationSeconds(rollback.budget),
      plan: rollback.plan,
      steps: rollback.steps,
      threshold: rollback.threshold,
      intervalSeconds: seconds(rollback.interval),
      windowSeconds: seconds(rollback.window),
      scrapeSeconds: seconds(rollback.scrape),
      progressDeadlineSeconds: seconds(rollback.progressDeadline),
    }),
    agent: service.agent,
    trafficPath: service.traffic.path,
    loadTester: platform.delivery.loadTester,
    agentUrl: platform.delivery.agent,
    network: {
      from: service.network.from.map((name) => resolvePeer(name)),
      to: service.network.to.map((target) => ('service' in target ? resolvePeer(target.service) : target)),
    },
  });
}

/** Every service in every environment, in the order of the catalog. */
export function servicesInEnvironments(catalog: Catalog): readonly ServiceInEnvironment[] {
  const teams = new Map(catalog.services.map(({ name, team }) => [name, team]));
  return catalog.platform.environments.flatMap((environment) =>
    catalog.services.map((service) => serviceInEnvironment(catalog.platform, service, environment, teams)),
  );
}

interface TemplateNames {
  readonly service: string;
  readonly team: string;
  readonly environment: string;
}

/** Fills the placeholders `{service}`, `{team}` and `{environment}`. */
function fillTemplate(template: string, { service, team, environment }: TemplateNames): string {
  return template.replaceAll('{service}', service).replaceAll('{team}', team).replaceAll('{environment}', environment);
}

function omitUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
