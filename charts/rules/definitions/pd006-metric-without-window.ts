import { canaries, findByKind, readMetrics } from '../manifests/canaries';
import type { Rule } from '../rule';

const builtIn = ['request-success-rate', 'request-duration'];

export const metricWithoutWindow: Rule = {
  id: 'PD006',
  title: 'Every metric has a query, and a window',
  why: 'A metric with a template and no interval renders [] for its window, which PromQL refuses: every check fails. A name that is neither built in nor defined fails every check too.',
  level: 'error',
  check: (objects) => {
    const templates = findByKind(objects, 'MetricTemplate');
    return canaries(objects).flatMap((canary) =>
      readMetrics(canary).flatMap(({ path, name, template, hasQuery, interval }) => {
        if (template !== undefined && interval === undefined) {
          return [
            { object: canary, path, message: `metric ${name} has a template and no interval: say one, such as 30s` },
          ];
        }
        if (template === undefined && !hasQuery && !builtIn.includes(name)) {
          return [
            {
              object: canary,
              path,
              message: `metric ${name} has no templateRef and is not built in (${builtIn.join(', ')}): every check would fail`,
            },
          ];
        }
        // Only where templates are among the files: they may as well be elsewhere.
        const known = templates.some((each) => each.name === template?.name);
        const neighbours = templates.some((each) => each.namespace === template?.namespace);
        return template !== undefined && !known && neighbours
          ? [
              {
                object: canary,
                path: [...path, 'templateRef'],
                message: `there is no MetricTemplate ${template.namespace}/${template.name} among these files`,
              },
            ]
          : [];
      }),
    );
  },
};
