import { durationSeconds } from '../values';
import type { Catalog } from './catalog';
import type { ClusterPeer, NameServer } from './cluster-peer';
import { resolveMetrics, type ServiceMetrics } from './metrics';
import { fillTemplate, type TemplateNames } from './name-template';
import { type PrometheusAccess, resolvePrometheus } from './resolve-prometheus';
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
  /** What each query to Prometheus carries. The Secret is in the service's namespace. */
  readonly prometheusAccess?: PrometheusAccess;
  readonly gateway: { readonly name: string; readonly namespace: string };
  /** Where the requests of the Gateway come from. Default: its namespace. */
  readonly gatewayFrom?: readonly ClusterPeer[];
  /** What scrapes the service. Default: derived from the URL of Prometheus. */
  readonly scrapers?: readonly ClusterPeer[];
  /** The name servers that the service may ask. Default, as older ledgers were rendered: those of kube-system. */
  readonly dns?: readonly NameServer[];
  readonly monitorLabels: Readonly<Record<string, string>>;
  readonly tracing?: string;
  /** Notifies the team when a release is rolled back. The Secret is in the service's namespace. */
  readonly chat?: { readonly kind: (typeof chatKinds)[number]; readonly secret: string };
  readonly dashboards?: string;
  readonly port: number;
  /** Arguments of the program. Default: none. */
  readonly args?: readonly string[];
  /** The protocol of `port` behind the Gateway. Default: HTTP/1.1. */
  readonly protocol?: 'h2c';
  /** Further ports. Default: none. */
  readonly ports?: readonly NamedPort[];
  /** The metrics by which a release is judged, and where they are scraped. */
  readonly metrics: ServiceMetrics;
  /** Without a port, the probes use the port of the requests. */
  readonly probes: { readonly ready: string; readonly live: string; readonly port?: number };
  readonly replicas: number;
  readonly maxReplicas: number;
  /** Kubernetes CPU quantity. */
  readonly cpu: string;
  /** Kubernetes memory quantity. Request and limit are equal. */
  readonly memory: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, { readonly name: string; readonly key: string }>>;
  /** Content of configuration files by path. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** ARN of the IAM role of the pods. Default: none. */
  readonly role?: string;
  /** Kubernetes quantity of the size of /tmp. Default: 64Mi. */
  readonly tmpSize?: string;
  /** How a pod ends. Default: see {@link defaultShutdown}. */
  readonly shutdown?: Shutdown;
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

export interface NamedPort {
  readonly name: string;
  readonly port: number;
}

export interface Shutdown {
  /** How long a terminating pod keeps serving before it receives SIGTERM. */
  readonly drainSeconds: number;
  /** How long a terminating pod may take in total before it is killed. */
  readonly gracePeriodSeconds: number;
}

/** How pods end that set nothing else. */
export const defaultShutdown: Shutdown = { drainSeconds: 5, gracePeriodSeconds: 30 };

/** Size of /tmp of services that set nothing else. */
export const defaultTmpSize = '64Mi';

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
  const prometheus = resolvePrometheus(platform, (template) => fillTemplate(template, names));
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
    prometheus: prometheus.url,
    prometheusAccess: prometheus.access,
    gateway: { name: platform.delivery.gateway.name, namespace: platform.delivery.gateway.namespace },
    gatewayFrom: platform.delivery.gateway.from,
    scrapers: platform.delivery.scrapers,
    dns: platform.delivery.dns.map((server) => omitUndefined(server)),
    monitorLabels: platform.delivery.monitorLabels,
    tracing: platform.delivery.tracing,
    chat: platform.delivery.chat && {
      ...platform.delivery.chat,
      secret: fillTemplate(platform.delivery.chat.secret, names),
    },
    dashboards: platform.delivery.dashboards,
    port: service.port,
    args: omitIfEmpty(service.args),
    protocol: service.protocol === 'h2c' ? service.protocol : undefined,
    ports: omitIfEmpty(service.ports),
    metrics: resolveMetrics(service),
    probes: omitUndefined(service.probes),
    ...resolveSize(overrides, environment.defaults),
    settings: overrides?.settings ?? {},
    secrets: overrides?.secrets ?? {},
    files: Object.keys(overrides?.files ?? {}).length === 0 ? undefined : overrides?.files,
    role: overrides?.role,
    tmpSize: service.tmpSize === defaultTmpSize ? undefined : service.tmpSize,
    shutdown: resolveShutdown(service.shutdown),
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

/** The default is left out, so that a service which sets nothing has the same ledger input as before the field existed. */
function resolveShutdown({ drain, gracePeriod }: Service['shutdown']): Shutdown | undefined {
  const shutdown = { drainSeconds: durationSeconds(drain), gracePeriodSeconds: durationSeconds(gracePeriod) };
  const isDefault =
    shutdown.drainSeconds === defaultShutdown.drainSeconds &&
    shutdown.gracePeriodSeconds === defaultShutdown.gracePeriodSeconds;
  return isDefault ? undefined : shutdown;
}

function omitIfEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function omitUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as T;
}
