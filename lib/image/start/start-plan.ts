import {
  containerVariables,
  defaultTmpSize,
  type Platform,
  type Service,
  type ServiceInEnvironment,
  serviceInEnvironment,
} from '../../catalog';
import { durationSeconds, memoryBytes } from '../../values';
import { outsideNeeds } from './outside-needs';

/** An address of the service. */
export interface Target {
  readonly port: number;
  readonly path: string;
}

/** The name of samples and the labels that they must have. */
export interface ExpectedMetric {
  readonly name: string;
  readonly labels: readonly string[];
}

/** What the probe program starts and looks for. `tools/go/start-probe` reads it as JSON. */
export interface StartPlan {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** Whether the next build reuses the result of a service that runs without being ready. */
  readonly lenient: boolean;
  readonly ports: readonly number[];
  readonly ready: Target;
  readonly live: Target;
  readonly requests: readonly Target[];
  readonly metrics: Target;
  /** The header with which Prometheus asks for metrics. */
  readonly accept: string;
  readonly expected: readonly ExpectedMetric[];
  readonly stopSeconds: number;
  readonly ignored: readonly string[];
}

/** Where the start stage has the probe program, the plan and the result. */
export const startFolder = '/.bowline-start';

/** Text 0.0.4 has the same names as protobuf, which the monitors prefer (charts/prometheus/service-monitor.ts). OpenMetrics may have others. */
const accept = 'text/plain;version=0.0.4,*/*;q=0.1';

/** A service that needs something from outside may wait for it for ever, and the result is a warning: it gets less time. */
const lenientSeconds = 10;

/** How long the start waits for the end after SIGTERM. A service that drains for longer is not waited for. */
const stopSeconds = 3;

/** The variables and settings of the first environment, the ports, probes, requests and metrics of the catalog. */
export function startPlan(platform: Platform, service: Service): StartPlan {
  const resolved = resolveForStart(platform, service);
  const { port, probes, metrics } = resolved;
  const probePort = probes.port ?? port;
  const timeoutSeconds = durationSeconds(service.start.timeout);
  const lenient = outsideNeeds(service).length > 0;
  return {
    command: [`/${service.name}`, ...(resolved.args ?? [])],
    environment: startVariables(resolved, service),
    timeoutSeconds: lenient ? Math.min(timeoutSeconds, lenientSeconds) : timeoutSeconds,
    lenient,
    ports: [...new Set([port, probePort, metrics.port, ...(resolved.ports ?? []).map((extra) => extra.port)])].sort(
      (a, b) => a - b,
    ),
    ready: { port: probePort, path: probes.ready },
    live: { port: probePort, path: probes.live },
    requests: (service.start.requests ?? [service.traffic.path]).map((path) => ({ port, path })),
    metrics: { port: metrics.port, path: metrics.path },
    accept,
    expected: [
      { name: metrics.requests, labels: [metrics.status] },
      metrics.type === 'native-histogram'
        ? { name: `${metrics.duration}_count`, labels: [] }
        : { name: `${metrics.duration}_bucket`, labels: ['le'] },
    ],
    stopSeconds,
    ignored: [
      '/proc',
      '/sys',
      '/dev',
      '/tmp',
      '/etc/resolv.conf',
      '/etc/hosts',
      startFolder,
      ...Object.keys(resolved.files ?? {}),
    ],
  };
}

/** The files of the first environment, which the cluster mounts: text by path. */
export function startFiles(platform: Platform, service: Service): Readonly<Record<string, string>> {
  return resolveForStart(platform, service).files ?? {};
}

/** Size of /tmp in the cluster, in bytes. */
export function startTmpBytes(platform: Platform, service: Service): number {
  return memoryBytes(resolveForStart(platform, service).tmpSize ?? defaultTmpSize);
}

/** The first environment of the platform runs a release first. */
function resolveForStart(platform: Platform, service: Service): ServiceInEnvironment {
  const [environment] = platform.environments;
  if (environment === undefined) {
    throw new Error('the platform has no environment');
  }
  return serviceInEnvironment(platform, service, environment);
}

/** As in the Deployment, but without the endpoint of traces and without secrets, because the start has no network. */
function startVariables(resolved: ServiceInEnvironment, service: Service): Readonly<Record<string, string>> {
  return { ...containerVariables({ ...resolved, tracing: undefined }), ...service.start.settings };
}
