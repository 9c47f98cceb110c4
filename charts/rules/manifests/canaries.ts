import { annotations } from '../../flagger/annotations';
import { parseSeconds } from './duration';
import { findByKind, haveSameNamespace, listAt, mapAt, sortByDistance } from './find-objects';
import type { LocatedObject, Path } from './objects';

/** Flagger's defaults for fields that a Canary omits (pkg/apis/flagger/v1beta1/canary.go). */
const defaults = { intervalSeconds: 60, threshold: 1, progressDeadlineSeconds: 600 } as const;

/** Prometheus Operator's scrape interval for monitors that omit it. */
export const defaultScrapeSeconds = 30;

/** The rollback budget of Canaries that declare none. */
export const defaultBudgetSeconds = 180;

export function findCanaries(objects: readonly LocatedObject[]): readonly LocatedObject[] {
  return findByKind(objects, 'Canary', 'flagger.app');
}

/** The analysis of a Canary: `spec.analysis`, or `spec.canaryAnalysis` in older files. */
export function analysisPath(canary: LocatedObject): Path {
  return canary.get('spec', 'analysis') === undefined && canary.get('spec', 'canaryAnalysis') !== undefined
    ? ['spec', 'canaryAnalysis']
    : ['spec', 'analysis'];
}

export interface AnalysisMetric {
  readonly path: Path;
  readonly name: string;
  readonly template: { readonly name: string; readonly namespace: string } | undefined;
  readonly hasQuery: boolean;
  /** The window of the query, as written. */
  readonly interval: string | undefined;
}

export function readMetrics(canary: LocatedObject): readonly AnalysisMetric[] {
  const base = [...analysisPath(canary), 'metrics'];
  return listAt(canary, base).map((_, index) => {
    const path = [...base, index];
    const textAt = (...field: Path) => {
      const value = canary.get(...path, ...field);
      return value === undefined || value === null ? undefined : String(value);
    };
    const template = textAt('templateRef', 'name');
    return {
      path,
      name: textAt('name') ?? '',
      template:
        template === undefined
          ? undefined
          : { name: template, namespace: textAt('templateRef', 'namespace') ?? canary.namespace },
      hasQuery: textAt('query') !== undefined,
      interval: textAt('interval'),
    };
  });
}

/** The settings of a Canary that determine its rollback time. */
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
  const numberAt = (path: Path, fallback: number) => {
    const value = canary.get(...path);
    return typeof value === 'number' ? value : fallback;
  };
  const intervalSeconds = parseSeconds(canary.get(...analysis, 'interval')) ?? defaults.intervalSeconds;
  const windows = readMetrics(canary).flatMap(({ interval }) => parseSeconds(interval) ?? []);
  const iterations = canary.get(...analysis, 'iterations');
  return {
    intervalSeconds,
    threshold: numberAt([...analysis, 'threshold'], defaults.threshold),
    windowSeconds: windows.length === 0 ? intervalSeconds : Math.max(...windows),
    progressDeadlineSeconds: numberAt(['spec', 'progressDeadlineSeconds'], defaults.progressDeadlineSeconds),
    steps: readStepWeights(canary),
    iterations: typeof iterations === 'number' ? iterations : undefined,
  };
}

function readStepWeights(canary: LocatedObject): readonly number[] {
  const analysis = analysisPath(canary);
  const listed = listAt(canary, [...analysis, 'stepWeights']).filter((weight) => typeof weight === 'number');
  const step = canary.get(...analysis, 'stepWeight');
  const maxWeight = canary.get(...analysis, 'maxWeight');
  if (listed.length > 0 || typeof step !== 'number' || step <= 0) {
    return listed;
  }
  const last = typeof maxWeight === 'number' ? maxWeight : 100;
  return Array.from({ length: Math.max(1, Math.ceil(last / step)) }, (_, index) => (index + 1) * step);
}

/**
 * Whether users reach a release only after its checks. That is blue-green: always with the provider `kubernetes` (pkg/controller/scheduler.go,
 * advanceCanary), and with other providers if there are iterations and no match (pkg/apis/flagger/v1beta1/canary.go, DeploymentStrategy).
 */
export function movesTrafficAfterChecks(canary: LocatedObject): boolean {
  const analysis = analysisPath(canary);
  const iterations = canary.get(...analysis, 'iterations');
  return (
    canary.get('spec', 'provider') === 'kubernetes' ||
    (typeof iterations === 'number' && iterations > 0 && listAt(canary, [...analysis, 'match']).length === 0)
  );
}

/** The provider without its version: `gatewayapi` for `gatewayapi:v1`. Empty if the Canary omits it, and Flagger's own flag decides. */
export function readProvider(canary: LocatedObject): string {
  return String(canary.get('spec', 'provider') ?? '').split(':')[0] ?? '';
}

/** The scrape interval of a Canary's own pods; undefined if no monitor among the objects selects them. */
export function readScrapeSeconds(canary: LocatedObject, objects: readonly LocatedObject[]): number | undefined {
  const app = `${targetName(canary)}-canary`;
  const monitors = findByKind(objects, 'ServiceMonitor').filter((monitor) =>
    Object.values(mapAt(monitor, ['spec', 'selector', 'matchLabels'])).includes(app),
  );
  const [monitor] = sortByDistance(canary, monitors);
  return monitor === undefined
    ? undefined
    : (parseSeconds(monitor.get('spec', 'endpoints', 0, 'interval')) ?? defaultScrapeSeconds);
}

/** The scrape interval that rules assume where no monitor states it: the default, but at least two scrapes per window. */
export function assumedScrapeSeconds(windowSeconds: number): number {
  return Math.min(defaultScrapeSeconds, windowSeconds / 2);
}

export function readBudget(canary: LocatedObject): number {
  return declaredBudget(canary) ?? defaultBudgetSeconds;
}

/** Whether the Canary declares its budget. Exceeding a default is a warning, not an error. */
export function hasDeclaredBudget(canary: LocatedObject): boolean {
  return declaredBudget(canary) !== undefined;
}

function declaredBudget(canary: LocatedObject): number | undefined {
  return parseSeconds(canary.get('metadata', 'annotations', annotations.budget));
}

/** Requests per second that the service expects; undefined if its Canary does not declare them. */
export function readRequestsPerSecond(canary: LocatedObject): number | undefined {
  const declared = canary.get('metadata', 'annotations', annotations.requestsPerSecond);
  const value = declared === undefined ? Number.NaN : Number(declared);
  return Number.isFinite(value) && value > 0 ? value : undefined;
}

export function targetName(canary: LocatedObject): string {
  return String(canary.get('spec', 'targetRef', 'name') ?? canary.name);
}

/** The object that a Canary rolls out, if it is among the objects. A patch of it or a fragment in documentation, without a selector, is not. */
export function findTarget(canary: LocatedObject, objects: readonly LocatedObject[]): LocatedObject | undefined {
  const kind = String(canary.get('spec', 'targetRef', 'kind') ?? 'Deployment');
  const candidates = objects.filter(
    (object) =>
      object.kind === kind &&
      object.name !== '' &&
      object.name === targetName(canary) &&
      haveSameNamespace(object, canary) &&
      (kind !== 'Deployment' || object.get('spec', 'selector') !== undefined),
  );
  return sortByDistance(canary, candidates)[0];
}
