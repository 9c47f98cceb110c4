import { annotations } from '../../flagger/annotations';
import type { LocatedObject, Path } from './objects';

/** Flagger's own values where a Canary says nothing (pkg/apis/flagger/v1beta1/canary.go). */
const defaults = { intervalSeconds: 60, threshold: 1, progressDeadlineSeconds: 600 } as const;

/** Prometheus Operator's scrape interval where a monitor says none. */
export const defaultScrapeSeconds = 30;

/** The article's promise, for Canaries that declare no budget of their own. */
export const defaultBudgetSeconds = 180;

export function findByKind(objects: readonly LocatedObject[], kind: string, group?: string): readonly LocatedObject[] {
  return objects.filter(
    (object) => object.kind === kind && (group === undefined || object.apiVersion.startsWith(`${group}/`)),
  );
}

export function canaries(objects: readonly LocatedObject[]): readonly LocatedObject[] {
  return findByKind(objects, 'Canary', 'flagger.app');
}

/** The analysis of a Canary: `spec.analysis`, or `spec.canaryAnalysis` as older files have it. */
export function analysisPath(canary: LocatedObject): Path {
  return canary.get('spec', 'analysis') === undefined && canary.get('spec', 'canaryAnalysis') !== undefined
    ? ['spec', 'canaryAnalysis']
    : ['spec', 'analysis'];
}

export interface AnalysisMetric {
  readonly path: Path;
  readonly name: string;
  readonly template?: { readonly name: string; readonly namespace: string };
  readonly hasQuery: boolean;
  /** As written. */
  readonly interval?: string;
}

export function readMetrics(canary: LocatedObject): readonly AnalysisMetric[] {
  const base = [...analysisPath(canary), 'metrics'];
  return listAt(canary, base).map((_, index) => {
    const path = [...base, index];
    const text = (...more: Path) => {
      const value = canary.get(...path, ...more);
      return value === undefined || value === null ? undefined : String(value);
    };
    const template = text('templateRef', 'name');
    const interval = text('interval');
    return {
      path,
      name: text('name') ?? '',
      hasQuery: text('query') !== undefined,
      ...(template === undefined
        ? {}
        : { template: { name: template, namespace: text('templateRef', 'namespace') ?? canary.namespace } }),
      ...(interval === undefined ? {} : { interval }),
    };
  });
}

/** The numbers of a Canary that its rollback time follows from. */
export interface CanaryTimes {
  readonly intervalSeconds: number;
  readonly threshold: number;
  /** The longest window of its metrics. */
  readonly windowSeconds: number;
  readonly progressDeadlineSeconds: number;
  readonly steps: readonly number[];
  readonly iterations?: number;
}

export function readTimes(canary: LocatedObject): CanaryTimes {
  const analysis = analysisPath(canary);
  const number = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);
  const intervalSeconds = parseSeconds(canary.get(...analysis, 'interval')) ?? defaults.intervalSeconds;
  const windows = readMetrics(canary).flatMap(({ interval }) => parseSeconds(interval) ?? []);
  const iterations = canary.get(...analysis, 'iterations');
  return {
    intervalSeconds,
    threshold: number(canary.get(...analysis, 'threshold'), defaults.threshold),
    windowSeconds: windows.length === 0 ? intervalSeconds : Math.max(...windows),
    progressDeadlineSeconds: number(canary.get('spec', 'progressDeadlineSeconds'), defaults.progressDeadlineSeconds),
    steps: weights(canary),
    ...(typeof iterations === 'number' ? { iterations } : {}),
  };
}

/**
 * Whether users meet a release only after its checks: blue-green, which the provider `kubernetes` always is (pkg/controller/scheduler.go,
 * advanceCanary) and any other with iterations and nothing to match (pkg/apis/flagger/v1beta1/canary.go, DeploymentStrategy).
 */
export function movesTrafficAfterChecks(canary: LocatedObject): boolean {
  const analysis = analysisPath(canary);
  const iterations = canary.get(...analysis, 'iterations');
  return (
    canary.get('spec', 'provider') === 'kubernetes' ||
    (typeof iterations === 'number' && iterations > 0 && listAt(canary, [...analysis, 'match']).length === 0)
  );
}

function weights(canary: LocatedObject): readonly number[] {
  const analysis = analysisPath(canary);
  const listed = listAt(canary, [...analysis, 'stepWeights']).filter((weight) => typeof weight === 'number');
  const step = canary.get(...analysis, 'stepWeight');
  const most = canary.get(...analysis, 'maxWeight');
  if (listed.length > 0 || typeof step !== 'number' || step <= 0) {
    return listed;
  }
  return Array.from(
    { length: Math.max(1, Math.ceil((typeof most === 'number' ? most : 100) / step)) },
    (_, index) => (index + 1) * step,
  );
}

/** The scrape of a Canary's own pods, if a monitor among the objects tells. */
export function readScrapeSeconds(canary: LocatedObject, objects: readonly LocatedObject[]): number | undefined {
  const app = `${targetName(canary)}-canary`;
  const [monitor] = sortByDistance(
    canary,
    findByKind(objects, 'ServiceMonitor').filter((object) =>
      Object.values(mapAt(object, ['spec', 'selector', 'matchLabels'])).includes(app),
    ),
  );
  return monitor === undefined
    ? undefined
    : (parseSeconds(monitor.get('spec', 'endpoints', 0, 'interval')) ?? defaultScrapeSeconds);
}

export function readBudget(canary: LocatedObject): number {
  return declaredBudgetOf(canary) ?? defaultBudgetSeconds;
}

/** Whether somebody has said the budget. One that is only assumed is no reason to stop. */
export function hasDeclaredBudget(canary: LocatedObject): boolean {
  return declaredBudgetOf(canary) !== undefined;
}

function declaredBudgetOf(canary: LocatedObject): number | undefined {
  return parseSeconds(canary.get('metadata', 'annotations', annotations.budget));
}

/** Requests a second that the service expects, if its Canary says. */
export function readRequestsPerSecond(canary: LocatedObject): number | undefined {
  const written = canary.get('metadata', 'annotations', annotations.requestsPerSecond);
  const value = written === undefined ? Number.NaN : Number(written);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

export function targetName(canary: LocatedObject): string {
  return String(canary.get('spec', 'targetRef', 'name') ?? canary.name);
}

/** The object that a Canary rolls out, if it is among the objects. A patch of it, or a part in somebody's documentation, is not. */
export function findTarget(canary: LocatedObject, objects: readonly LocatedObject[]): LocatedObject | undefined {
  const kind = String(canary.get('spec', 'targetRef', 'kind') ?? 'Deployment');
  return sortByDistance(
    canary,
    objects.filter(
      (object) =>
        object.kind === kind &&
        object.name !== '' &&
        object.name === targetName(canary) &&
        haveSameNamespace(object, canary) &&
        (kind !== 'Deployment' || object.get('spec', 'selector') !== undefined),
    ),
  )[0];
}

/** In the order of how near their files are: one tree often holds many examples, or overlays, of the same names. */
export function sortByDistance(object: LocatedObject, others: readonly LocatedObject[]): readonly LocatedObject[] {
  return [...others].sort((a, b) => countSharedFolders(object, b) - countSharedFolders(object, a));
}

/** How many folders the files of two objects share, from the root on. */
export function countSharedFolders(a: LocatedObject, b: LocatedObject): number {
  const [one, other] = [a, b].map(({ file }) => file.split('/').slice(0, -1));
  const apart = (one ?? []).findIndex((folder, index) => folder !== other?.[index]);
  return apart === -1 ? (one?.length ?? 0) : apart;
}

/** Files often leave the namespace to whoever applies them. */
export function haveSameNamespace(a: LocatedObject, b: LocatedObject): boolean {
  return a.namespace === b.namespace || a.namespace === '' || b.namespace === '';
}

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };

/** A duration as Go and Prometheus write it: `90s`, `1m30s`, `0s`. */
export function parseSeconds(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$/.test(value)) {
    return undefined;
  }
  return [...value.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (unitSeconds[unit ?? ''] ?? 0),
    0,
  );
}

export function listAt(object: LocatedObject, path: Path): readonly unknown[] {
  const value = object.get(...path);
  return Array.isArray(value) ? value : [];
}

export function mapAt(object: LocatedObject, path: Path): Readonly<Record<string, unknown>> {
  const value = object.get(...path);
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
