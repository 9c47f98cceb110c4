import { nearMiss } from '../../../lib/catalog/parse/near-miss';
import { type AnalysisMetric, findCanaries, readMetrics } from '../manifests/canaries';
import { findByKind } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

const builtIn = ['request-success-rate', 'request-duration'];

export const metricWithoutWindow: Rule = {
  id: 'PD006',
  title: 'Every metric has a query and a window',
  why: 'A metric with a template but without an interval renders its window as [], which PromQL rejects: every check fails. A metric that is neither built in nor defined, or whose template does not exist, fails every check too. A template that is in no file is a warning, unless the files have other templates of its namespace.',
  level: 'error',
  check: (objects) => {
    const templates = findByKind(objects, 'MetricTemplate', 'flagger.app');
    return findCanaries(objects).flatMap((canary) =>
      readMetrics(canary).flatMap((metric) => {
        const problem = findProblem(metric, templates);
        return problem === undefined ? [] : [{ object: canary, ...problem }];
      }),
    );
  },
};

type Problem = Pick<Finding, 'path' | 'message' | 'level'>;

function findProblem(
  { path, name, template, hasQuery, interval }: AnalysisMetric,
  templates: readonly LocatedObject[],
): Problem | undefined {
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
  return findMissingTemplate(template, [...path, 'templateRef'], templates);
}

/**
 * A template may be in files elsewhere. Where the files have other templates of its namespace, they are the place for it, and its name is an error.
 */
function findMissingTemplate(
  { name, namespace }: NonNullable<AnalysisMetric['template']>,
  path: Path,
  templates: readonly LocatedObject[],
): Problem | undefined {
  // Kustomize and Argo CD can set the namespace of an object that has none.
  const inNamespace = templates.filter(
    (each) => [each.namespace, namespace].includes('') || each.namespace === namespace,
  );
  if (inNamespace.some((each) => each.name === name)) {
    return undefined;
  }
  const place = [namespace, name].filter((part) => part !== '').join('/');
  const similar = nearMiss(
    name,
    inNamespace.map((each) => each.name),
  );
  const [elsewhere] = templates.filter((each) => each.name === name);
  const hint =
    similar !== undefined
      ? `: did you mean ${similar}?`
      : elsewhere !== undefined
        ? `: there is one in the namespace ${elsewhere.namespace}, which templateRef.namespace must name`
        : '';
  return inNamespace.length > 0
    ? { path, message: `there is no MetricTemplate ${place} in these files, and without it every check fails${hint}` }
    : {
        path,
        level: 'warning',
        message: `no file here has the MetricTemplate ${place}, and without it every check fails${hint === '' ? ': check the files together with those of the template' : hint}`,
      };
}
