import { namesOperators } from './address-roles';
import type { Finding, Question } from './finding';
import { at, type FoundPath } from './reading';

export interface ProbeChoice {
  readonly ready: Finding<string>;
  readonly live: Finding<string>;
  /** Absent for the port of the requests. */
  readonly port?: number;
}

/** Paths by what they answer, best first. */
const readyPaths = [/\/readyz$/, /\/-\/ready$/, /\/health\/?z?\/(?:ready|readiness)$/, /\/ready$/, /\/readiness$/];
const livePaths = [/\/livez$/, /\/-\/healthy$/, /\/healthz?\/(?:live|liveness)$/, /\/live$/, /\/liveness$/, /\/alive$/];
/** Only a handler of its own makes it a probe: many services have something else under this path. */
const statusPath = /^\/_?status$/;
const healthPaths = [/\/healthz$/, /\/health$/, /\/_health$/, /\/healthcheck$/, /\/_?ping$/, statusPath];

export interface ProbeInputs {
  readonly paths: readonly FoundPath[];
  /** The metrics, if a port of their own serves them. Probes are registered there too, or in a different place. */
  readonly metrics: { readonly port?: number | undefined; readonly path: string };
}

/** The best paths of those that answer. Undefined if none is a probe. */
export function rankProbes(paths: readonly string[]): { readonly ready: string; readonly live: string } | undefined {
  const first = (patterns: readonly RegExp[]) =>
    patterns.map((pattern) => paths.find((path) => pattern.test(path))).find((path) => path !== undefined);
  const health = first(healthPaths);
  const ready = first(readyPaths) ?? health ?? first(livePaths);
  const live = first(livePaths) ?? health ?? ready;
  return ready === undefined || live === undefined ? undefined : { ready, live };
}

/**
 * Chooses the paths of the probes. A service without one is probed where its metrics are. Undefined if the source has neither, or if they are
 * beside the metrics of one of several listeners: the port of the metrics may be that of another.
 */
export function chooseProbes({ paths: all, metrics }: ProbeInputs): ProbeChoice | undefined {
  const paths = all.filter(
    ({ path, registered, probe }) => registered || probe !== undefined || !statusPath.test(path),
  );
  const named = (probe: FoundPath['probe']) => paths.find((found) => found.probe === probe);
  const health = named('health') ?? firstMatch(paths, healthPaths);
  const live = named('live') ?? firstMatch(paths, livePaths);
  const readyPath = named('ready') ?? firstMatch(paths, readyPaths) ?? health ?? live;
  const livePath = live ?? health ?? readyPath;
  if (readyPath === undefined || livePath === undefined) {
    return metricsAsProbe(paths, metrics);
  }
  const registration = paths.filter(({ path, registered }) => registered && path === metrics.path);
  const besideMetrics = (probe: FoundPath) =>
    probe.path.startsWith('/debug/') ||
    namesOperators(probe.router) ||
    registration.some((found) => isSameRouter(found, probe));
  const packages = new Set(registration.map((found) => found.package));
  const isOneOfSeveral = (probe: FoundPath) =>
    packages.size > 1 &&
    !namesOperators(probe.router) &&
    probe.probe === undefined &&
    registration.some((found) => isSameRouter(found, probe));
  if (metrics.port !== undefined && (isOneOfSeveral(readyPath) || isOneOfSeveral(livePath))) {
    return undefined;
  }
  const port =
    metrics.port !== undefined && besideMetrics(readyPath) && besideMetrics(livePath) ? metrics.port : undefined;
  return {
    ready: { value: readyPath.path, where: at(readyPath) },
    live: { value: livePath.path, where: at(livePath) },
    ...(port === undefined ? {} : { port }),
  };
}

/** The question of a service whose probes the source does not say, or not with their port. */
export function askForProbes(paths: readonly FoundPath[]): Question {
  const found = paths.filter(
    ({ path, registered }) =>
      registered && [...readyPaths, ...livePaths, ...healthPaths].some((known) => known.test(path)),
  );
  const list = found.map((path) => `${path.path} (${at(path)})`).join(', ');
  const why =
    found.length === 0
      ? 'the source registers none'
      : `the source registers ${list} on one of several listeners, and does not say on which port`;
  return { field: 'probes', what: `a path that answers 200 when the service is ready: ${why}` };
}

/** Registered paths come before paths that are only named. */
function firstMatch(paths: readonly FoundPath[], patterns: readonly RegExp[]): FoundPath | undefined {
  const registered = paths.filter((found) => found.registered);
  for (const pattern of patterns) {
    const found = registered.find(({ path }) => pattern.test(path)) ?? paths.find(({ path }) => pattern.test(path));
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

/** Handlers of one router are registered close to each other. */
const routerLines = 30;

function isSameRouter(a: FoundPath, b: FoundPath): boolean {
  return a.file === b.file && a.router === b.router && Math.abs(a.line - b.line) <= routerLines;
}

function metricsAsProbe(paths: readonly FoundPath[], { port, path }: ProbeInputs['metrics']): ProbeChoice | undefined {
  const found = paths.find((candidate) => candidate.path === path);
  if (found === undefined) {
    return undefined;
  }
  const where = `${at(found)} (the source has no health path: the metrics answer while the process runs)`;
  return { ready: { value: path, where }, live: { value: path, where }, ...(port === undefined ? {} : { port }) };
}
