import { durationSeconds } from '../values';
import type { Catalog } from './catalog';
import { resolveSize } from './resolve-size';
import { parsePercentage } from './schema/fields';
import type { chats, Environment, Platform } from './schema/platform';
import type { RolloutPreset, Service } from './schema/service';

/**
 * A service as one environment runs it: every default applied, every unit in its base (seconds, fractions).
 * It is what the ledger keeps in `services/<environment>/<service>.json`, and all that the charts need to know beside the release.
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
  /** Where the team hears that a release was taken back. The Secret is in the service's namespace. */
  readonly chat?: { readonly kind: (typeof chats)[number]; readonly secret: string };
  readonly dashboards?: string;
  readonly port: number;
  readonly metricsPath: string;
  readonly metrics: 'client_golang' | 'opentelemetry';
  readonly probes: { readonly ready: string; readonly live: string };
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Kubernetes CPU quantity. */
  readonly cpu: string;
  /** Kubernetes memory quantity; request and limit are the same. */
  readonly memory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, { readonly name: string; readonly key: string }>>;
  readonly requestsPerSecond: number;
  readonly objectives: {
    /** Highest share of failed requests, 0 to 1. */
    readonly errorRate: number;
    readonly p99Seconds: number;
    /** Share of good requests that is promised over 30 days, 0 to 1. */
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
  /** Who may speak to whom. Services by name and namespace in this environment. */
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
 * Applies an environment to a service: sizes, names and units.
 * @param teams the team of every service, for the namespaces of those it speaks to
 */
export function serviceInEnvironment(
  platform: Platform,
  service: Service,
  environment: Environment,
  teams: ReadonlyMap<string, string> = new Map(),
): ServiceInEnvironment {
  const own = service.environments[environment.name];
  const named = (rule: string) =>
    rule
      .replaceAll('{service}', service.name)
      .replaceAll('{team}', service.team)
      .replaceAll('{environment}', environment.name);
  const { rollback } = service;
  const peer = (name: string): NetworkPeer => ({
    service: name,
    namespace: namespaceOf(environment, name, teams.get(name) ?? service.team),
  });
  const seconds = (text: string | undefined) => (text === undefined ? undefined : durationSeconds(text));
  return withoutUndefined({
    version: 1,
    name: service.name,
    team: service.team,
    environment: environment.name,
    class: environment.class,
    namespace: namespaceOf(environment, service.name, service.team),
    hostname: named(platform.delivery.hostname),
    cluster: environment.cluster,
    argocdNamespace: platform.delivery.argocdNamespace,
    ledger: { repository: platform.ledger.repository, branch: platform.ledger.branch },
    prometheus: platform.delivery.prometheus,
    gateway: platform.delivery.gateway,
    monitorLabels: platform.delivery.monitorLabels,
    tracing: platform.delivery.tracing,
    chat: platform.delivery.chat && { ...platform.delivery.chat, secret: named(platform.delivery.chat.secret) },
    dashboards: platform.delivery.dashboards,
    port: service.port,
    metricsPath: service.metricsPath,
    metrics: service.metrics,
    probes: service.probes,
    ...resolveSize(own, environment.defaults),
    settings: own?.settings ?? {},
    secrets: own?.secrets ?? {},
    requestsPerSecond: own?.requestsPerSecond ?? service.traffic.requestsPerSecond,
    objectives: {
      errorRate: parsePercentage(service.objectives.errorRate),
      p99Seconds: durationSeconds(service.objectives.p99),
      availability: parsePercentage(service.objectives.availability),
    },
    rollback: withoutUndefined({
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
      from: service.network.from.map((name) => peer(name)),
      to: service.network.to.map((target) => ('service' in target ? peer(target.service) : target)),
    },
  });
}

/** Every service in every environment, in the catalog's order of environments and services. */
export function servicesInEnvironments(catalog: Catalog): readonly ServiceInEnvironment[] {
  const teams = new Map(catalog.services.map(({ name, team }) => [name, team]));
  return catalog.platform.environments.flatMap((environment) =>
    catalog.services.map((service) => serviceInEnvironment(catalog.platform, service, environment, teams)),
  );
}

function namespaceOf(environment: Environment, service: string, team: string): string {
  return environment.namespace
    .replaceAll('{service}', service)
    .replaceAll('{team}', team)
    .replaceAll('{environment}', environment.name);
}

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
