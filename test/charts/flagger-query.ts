import { objectsIn, type RenderedObject } from './render-catalog';

/** A metric of a rendered Canary, with its query as Flagger would ask it. */
export interface AskedMetric {
  readonly name: string;
  readonly query: string;
  readonly windowSeconds: number;
  readonly range: { readonly min?: number; readonly max?: number };
}

/**
 * What Flagger asks for a Canary: the query of each metric's MetricTemplate with its variables filled in (pkg/controller/scheduler_metrics.go,
 * runMetricChecks; docs/usage/metrics.md lists the variables).
 */
export function askedMetrics(files: ReadonlyMap<string, string>): readonly AskedMetric[] {
  const objects = objectsIn(files);
  const canary = objects.find(({ kind }) => kind === 'Canary') as RenderedObject;
  return canary.spec.analysis.metrics.map(
    (metric: {
      name: string;
      interval: string;
      templateRef: { name: string; namespace: string };
      thresholdRange: AskedMetric['range'];
    }): AskedMetric => {
      const template = objects.find(
        ({ kind, metadata }) =>
          kind === 'MetricTemplate' &&
          metadata.name === metric.templateRef.name &&
          metadata.namespace === metric.templateRef.namespace,
      ) as RenderedObject;
      const variables: Readonly<Record<string, string>> = {
        name: canary.metadata.name,
        namespace: canary.metadata.namespace ?? '',
        target: canary.spec.targetRef.name,
        service: canary.spec.service.name ?? canary.spec.targetRef.name,
        ingress: canary.spec.ingressRef?.name ?? '',
        route: canary.spec.routeRef?.name ?? '',
        interval: metric.interval,
      };
      return {
        name: metric.name,
        query: String(template.spec.query).replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (whole, variable: string) => {
          const value = variables[variable];
          if (value === undefined) {
            throw new Error(`Flagger does not know ${whole}`);
          }
          return value;
        }),
        windowSeconds: Number(/^(\d+)s$/.exec(metric.interval)?.[1]),
        range: metric.thresholdRange,
      };
    },
  );
}

/** The query with what Flagger makes of its answer: 1 where the check passes, 0 where it fails; no answer fails too. */
export function passes({ query, range }: AskedMetric): string {
  const bounds = [
    ...(range.min === undefined ? [] : [`((${query}) >= bool ${range.min})`]),
    ...(range.max === undefined ? [] : [`((${query}) <= bool ${range.max})`]),
  ];
  return bounds.join(' * ');
}
