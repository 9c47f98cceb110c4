import { type AnalysisMetric, analysisPath, findCanaries, readMetrics } from '../manifests/canaries';
import { listAt, mapAt } from '../manifests/find-objects';
import type { LocatedObject } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const unjudgedRelease: Rule = {
  id: 'PD019',
  title: 'A release is judged by something',
  why: 'Without metrics, Flagger promotes every release whose pods become ready; with skipAnalysis it promotes at once (pkg/controller/scheduler.go, shouldSkipAnalysis). A threshold range without bounds, or request-success-rate without a threshold, passes with every value (pkg/controller/scheduler_metrics.go). A suspended Canary neither releases nor checks.',
  level: 'error',
  check: (objects) => findCanaries(objects).flatMap(checkCanary),
};

function checkCanary(canary: LocatedObject): readonly Finding[] {
  return [
    ...checkSuspended(canary),
    ...(canary.get('spec', 'skipAnalysis') === true ? [skipped(canary)] : checkAnalysis(canary)),
  ];
}

function checkSuspended(canary: LocatedObject): readonly Finding[] {
  return canary.get('spec', 'suspend') === true
    ? [
        {
          object: canary,
          path: ['spec', 'suspend'],
          level: 'warning',
          message:
            'Flagger neither releases nor checks a version while the Canary is suspended, and a rollout in progress keeps its traffic weight: remove suspend: true',
        },
      ]
    : [];
}

function skipped(canary: LocatedObject): Finding {
  return {
    object: canary,
    path: ['spec', 'skipAnalysis'],
    message: 'Flagger promotes every release without a check: remove skipAnalysis: true',
  };
}

function checkAnalysis(canary: LocatedObject): readonly Finding[] {
  const metrics = readMetrics(canary);
  if (metrics.length > 0) {
    return metrics.flatMap((metric) => checkMetric(canary, metric));
  }
  const gates = readGates(canary);
  const path = [...analysisPath(canary), 'metrics'];
  if (gates.some((type) => type !== 'rollout')) {
    return [];
  }
  return gates.length > 0
    ? [
        {
          object: canary,
          path,
          level: 'warning',
          message:
            'there are no metrics, so only its rollout webhooks judge a release, and a load test judges nothing: add metrics',
        },
      ]
    : [
        {
          object: canary,
          path,
          message:
            'there are no metrics and no webhooks that judge, so every release whose pods become ready is promoted: add metrics',
        },
      ];
}

/** The types of webhooks that can stop a release (pkg/controller/webhook.go). A webhook without a type is of type rollout. */
function readGates(canary: LocatedObject): readonly string[] {
  const webhooks = [...analysisPath(canary), 'webhooks'];
  return listAt(canary, webhooks)
    .map((_, index) => String(canary.get(...webhooks, index, 'type') || 'rollout'))
    .filter((type) => !['event', 'post-rollout'].includes(type));
}

function checkMetric(canary: LocatedObject, { path, name, template, hasQuery }: AnalysisMetric): readonly Finding[] {
  const range = canary.get(...path, 'thresholdRange');
  if (range !== undefined && range !== null) {
    const { min, max } = mapAt(canary, [...path, 'thresholdRange']);
    return min === undefined && max === undefined
      ? [
          {
            object: canary,
            path: [...path, 'thresholdRange'],
            message: `the threshold range of ${name} has neither min nor max, so every value passes: set one`,
          },
        ]
      : [];
  }
  const isBuiltInRate = name === 'request-success-rate' && template === undefined && !hasQuery;
  return isBuiltInRate && canary.get(...path, 'threshold') === undefined
    ? [
        {
          object: canary,
          path,
          message: 'request-success-rate has no threshold, so every value passes: set thresholdRange.min, such as 99',
        },
      ]
    : [];
}
