import { type AnalysisMetric, findCanaries, readMetrics } from '../manifests/canaries';
import { findByKind } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Rule } from '../rule';

const builtIn = ['request-success-rate', 'request-duration'];

export const metricWithoutWindow: Rule = {
  id: 'PD006',
  title: 'Every metric has a query and a window',
  why: 'A metric with a template but without an interval renders its window as [], which PromQL rejects: every check fails. A metric that is neither built in nor defined fails every check too.',
  level: 'error',
  check: (objects) => {
    const templates = findByKind(objects, 'MetricTemplate');
    return findCanaries(objects).flatMap((canary) =>
      readMetrics(canary).flatMap((metric) => {
        const problem = findProblem(metric, templates);
        return problem === undefined ? [] : [{ object: canary, ...problem }];
      }),
    );
  },
};

function findProblem(
  { path, name, template, hasQuery, interval }: AnalysisMetric,
  templates: readonly LocatedObject[],
): { readonly path: Path; readonly message: string } | undefined {
  if (template === undefined) {
    return hasQuery || builtIn.includes(name)
      ? undefined
      : {
          path,
          message: `metric ${name} has no templateRef and is not built in (${builtIn.join(', ')}), so every check fails: reference a MetricTemplate`,
        };
  }
  if (interval === undefined) {
    return { path, message: `metric ${name} has a template but no interval: set one, such as 30s` };
  }
  // A template may be in files elsewhere, unless others of its namespace are here.
  const isKnown = templates.some((each) => each.name === template.name);
  const hasNamespaceTemplates = templates.some((each) => each.namespace === template.namespace);
  return isKnown || !hasNamespaceTemplates
    ? undefined
    : {
        path: [...path, 'templateRef'],
        message: `there is no MetricTemplate ${template.namespace}/${template.name} in these files`,
      };
}
