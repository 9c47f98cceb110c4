import type { FoundAddress } from './reading';

/** What an address is for, by the words of its name. */
export type AddressRole = 'requests' | 'metrics' | 'other';

const metricsWords = new Set(['metrics', 'metric', 'telemetry', 'prometheus', 'monitoring', 'prom', 'observability']);
/** Addresses that carry no HTTP requests of users: other protocols, other sides, and addresses of peers. */
const otherWords = new Set(
  (
    'grpc tls https secure ssl cluster gossip peer peers raft smtp smtps smarthost dns ssh ftp mail redis valkey db database postgres mysql mongo ' +
    'nats kafka amqp rabbitmq otlp otel trace tracing jaeger zipkin statsd syslog graphite influx upstream backend target remote client dial ' +
    'proxy sender webhook advertise external public debug pprof profile profiler profiling playground unix socket cert key mode prefix email ' +
    'ldap radius consul etcd vault s3 minio memcached elasticsearch source dest destination local health probe probes liveness readiness ' +
    'admin management internal support status from to next auth oauth oidc issuer'
  ).split(' '),
);
const debugWords = new Set(['debug', 'pprof', 'admin', 'management', 'internal', 'diagnostics']);
const requestWords = new Set(['http', 'web', 'api', 'server', 'listen', 'listener', 'serve', 'app', 'bind']);

/** `http.debug.addr` → http, debug, addr. */
export function words(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])/g, '$1$3 $2$4')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

export function addressRole({ how, name, environment = '', file, function: inside }: FoundAddress): AddressRole {
  // A variable of a flag often begins with the name of the program, which is no role.
  const all = [...words(name), ...(how === 'flag' ? [] : words(environment))];
  const place = how === 'name' || how === 'listen' ? placeRole({ file, function: inside }) : undefined;
  if (place !== undefined) {
    return place;
  }
  const isSecure = all.some((word) => ['tls', 'https', 'secure', 'ssl', 'grpc'].includes(word));
  if (all.some((word) => metricsWords.has(word)) && !isSecure) {
    return 'metrics';
  }
  return all.some((word) => otherWords.has(word)) ? 'other' : 'requests';
}

/**
 * A listener without a name of its own has the role of its place: NewPprofServer, or the file prometheus.go. A function that starts several servers,
 * such as serveAPIAndMetrics, says nothing.
 */
function placeRole({ file, function: inside = '' }: Pick<FoundAddress, 'file' | 'function'>): AddressRole | undefined {
  const around = words(inside);
  const named = [...around, ...words((file.split('/').at(-1) ?? '').replace(/\.go$/, ''))];
  if (
    around.some((word) => requestWords.has(word) && word !== 'server' && word !== 'serve') ||
    around.includes('and')
  ) {
    return undefined;
  }
  if (named.some((word) => ['pprof', 'debug', 'profiling', 'profiler'].includes(word))) {
    return 'other';
  }
  return named.some((word) => ['prometheus', 'metrics', 'telemetry'].includes(word)) ? 'metrics' : undefined;
}

/** Whether a name, such as telemetryRouter, means something that only operators use. */
export function namesOperators(name: string): boolean {
  return words(name).some((word) => metricsWords.has(word) || debugWords.has(word));
}

/** Whether a name, such as listen-host, means an interface without a port. */
export function namesHost({ name }: FoundAddress): boolean {
  return ['host', 'hostname', 'interface', 'ip'].includes(words(name).at(-1) ?? '');
}

/** Whether a name ends with a word for an address. The listen in listen-limit is no address. */
export function endsWithAddress({ name }: FoundAddress): boolean {
  return /(?:addr|address|port|listen|listener|http|bind)$/i.test(name);
}

/** An address for operators, which may also serve metrics. */
export function isDebugAddress({ name }: FoundAddress): boolean {
  return words(name).some((word) => debugWords.has(word));
}

const weightOf: Readonly<Record<FoundAddress['how'], number>> = {
  configuration: 60,
  flag: 45,
  environment: 40,
  listen: 35,
  setting: 30,
  name: 15,
};

/** How likely an address receives the requests of users. */
export function requestScore(address: FoundAddress): number {
  const all = words(address.name);
  return (
    weightOf[address.how] +
    (all.some((word) => requestWords.has(word)) ? 10 : 0) +
    (/^(?:port|addr|address|listen)$/i.test(address.name) ? 8 : 0) +
    (/(?:mock|test|fake|example)/i.test(placeInModule(address)) ? -60 : 0) +
    (address.port > 0 && address.port < 80 ? -60 : 0)
  );
}

/** The module itself may be among the examples of a repository. */
function placeInModule({ package: directory, file }: FoundAddress): string {
  return `${directory}/${file.split('/').at(-1)}`;
}
