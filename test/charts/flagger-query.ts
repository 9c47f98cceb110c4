import { parseRendered, type RenderedObject } from './render-catalog';

/** A metric of a rendered Canary, with the query that Flagger would send. */
export interface MetricQuery {
  readonly name: string;
  readonly query: string;
  readonly windowSeconds: number;
  readonly range: { readonly min?: number; readonly max?: number };
}

/**
 * The queries that Flagger sends for a Canary: those of its MetricTemplates with the variables filled in (pkg/controller/scheduler_metrics.go,
 * runMetricChecks; docs/usage/metrics.md lists the variables).
 */
export function queriesOfCanary(files: ReadonlyMap<string, string>): readonly MetricQuery[] {
  const objects = parseRendered(files);
  const canary = objects.find(({ kind }) => kind === 'Canary') as RenderedObject;
  return canary.spec.analysis.metrics.map(
    (metric: {
      name: string;
      interval: string;
      templateRef: { name: string; namespace: string };
      thresholdRange: MetricQuery['range'];
    }): MetricQuery => {
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
            throw new Error(`Flagger does not define ${whole}`);
          }
          return value;
        }),
        windowSeconds: Number(/^(\d+)s$/.exec(metric.interval)?.[1]),
        range: metric.thresholdRange,
      };
    },
  );
}

/** A query for the result of a check: 1 if it passes, 0 if it fails. Flagger also fails the check if the result is empty. */
export function checkResult({ query, range }: MetricQuery): string {
  const bounds = [
    ...(range.min === undefined ? [] : [`((${query}) >= bool ${range.min})`]),
    ...(range.max === undefined ? [] : [`((${query}) <= bool ${range.max})`]),
  ];
  return bounds.join(' * ');
}
