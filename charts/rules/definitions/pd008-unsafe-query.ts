import { findCanaries, readMetrics } from '../manifests/canaries';
import { findByKind } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { BlindFallback } from '../promql/blind-fallbacks';
import type { IdlePart } from '../promql/idle-results';
import { type AnalyzedQuery, analyzeQuery } from '../promql/query';
import type { PartialNumerator } from '../promql/ratios';
import type { ResultSeries } from '../promql/result-series';
import type { Finding, Rule } from '../rule';

export const unsafeQuery: Rule = {
  id: 'PD008',
  title: 'A query has exactly one value while its target is measured, and none otherwise',
  why: 'A query without a value fails the check, and so does NaN (pkg/metrics/providers/prometheus.go). A counter of failures has no series before the first failure, and an idle service is 0 / 0: Flagger rolls back healthy releases. A fallback that does not depend on the measured metric and label reads their absence as 0: Flagger promotes a release that nobody measures. Of several series, Flagger uses the last one, in no defined order.',
  level: 'error',
  check: (objects) =>
    readQueries(objects).flatMap(({ object, path, text }) =>
      checkQuery(analyzeQuery(text)).map((problem) => ({ object, path, ...problem })),
    ),
};

interface Query {
  readonly object: LocatedObject;
  readonly path: Path;
  readonly text: string;
}

function readQueries(objects: readonly LocatedObject[]): readonly Query[] {
  const queryAt = (object: LocatedObject, path: Path): readonly Query[] => {
    const text = object.get(...path);
    return typeof text === 'string' && text.trim() !== '' ? [{ object, path, text }] : [];
  };
  return [
    ...findByKind(objects, 'MetricTemplate', 'flagger.app')
      .filter((template) => template.get('spec', 'provider', 'type') === 'prometheus')
      .flatMap((template) => queryAt(template, ['spec', 'query'])),
    ...findCanaries(objects).flatMap((canary) =>
      readMetrics(canary).flatMap(({ path }) => queryAt(canary, [...path, 'query'])),
    ),
  ];
}

type Problem = Pick<Finding, 'message' | 'level'>;

function checkQuery(query: AnalyzedQuery): readonly Problem[] {
  if (!query.ok) {
    return [{ message: `the query is not valid PromQL at ${JSON.stringify(query.errorNear)}, so every check fails` }];
  }
  const problems: Problem[] = [];
  if (query.series !== 'one') {
    problems.push(severalSeries(query.series));
  }
  problems.push(...query.blindFallbacks.map(blindFallback));
  if (query.isNeverEmpty) {
    if (query.blindFallbacks.length === 0) {
      problems.push({
        level: 'warning',
        message:
          '"or …" around the whole query gives a value even if the target is down: put it around the numerator, with a fallback that exists only where the metric and its label exist',
      });
    }
  } else {
    problems.push(...query.partialNumerators.filter(({ hasFallback }) => !hasFallback).map(emptyNumerator));
  }
  return [...problems, ...query.idleParts.map((part): Problem => ({ level: 'warning', message: idleMessages[part] }))];
}

function severalSeries(series: Exclude<ResultSeries, 'one'>): Problem {
  return series === 'any'
    ? {
        level: 'warning',
        message:
          'the query is not aggregated: if it has several series, the last one decides. Put sum(), max() or avg() around it',
      }
    : {
        message: `the query has a series for each ${[...series].join(', ')}, and the last one decides: aggregate without these labels, or put max() around it`,
      };
}

function blindFallback(found: BlindFallback): Problem {
  const { fallback, remedy } = found;
  const missing =
    found.reason === 'label' ? `the label ${found.label} does not exist` : 'the metric or its label does not exist';
  const cause = {
    constant: 'is 0 for everything',
    'other-metric': 'depends on another metric than the query measures',
    label: `does not require the label ${found.reason === 'label' ? found.label : ''}`,
  }[found.reason];
  return {
    message: `"or ${fallback}" ${cause}: if ${missing}, the query is 0, and Flagger promotes a release that is not measured. Fall back to 0 only where both exist: ${remedy}`,
  };
}

function emptyNumerator({ selector, labels, selectsSuccesses }: PartialNumerator): Problem {
  const remedy = `or on() 0 * sum(rate(…{${labels.map((label) => `${label}!=""`).join(',')}}[…]))`;
  return selectsSuccesses
    ? {
        level: 'warning',
        message: `while every request fails, ${selector} has no series, and the check fails because the query has no value and not because of the failures: count failures instead, with "${remedy}"`,
      }
    : {
        message: `before the first failure, ${selector} has no series, and the check fails because the query has no value: Flagger rolls back a healthy release. Put (… ${remedy}) around the numerator, which is 0 only where the label exists`,
      };
}

/** Both remedies give 0 while there are no requests, and no value while the target is not measured. */
const idleMessages: Readonly<Record<IdlePart, string>> = {
  ratio:
    'without requests the query is 0 / 0 = NaN, which fails the check: Flagger rolls back an idle release. Put clamp_min(…, 1e-9) around the denominator',
  quantile:
    'without requests the query is NaN, which fails the check: Flagger rolls back an idle release, and with few requests the slowest one decides. Require a number of requests, and use 0 below it: (… and on() <count> >= 100) or on() 0 * (<count> < 100), where <count> is sum(increase(…_bucket{…,le="+Inf"}[…])), which a summary does not have',
};
