import { analysisPath, findCanaries, readMetrics } from '../manifests/canaries';
import { listAt } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const valueOutOfRange: Rule = {
  id: 'PD021',
  title: 'Flagger takes the values of a Canary as they are written',
  why: 'The schema of a Canary has no ranges, and Flagger replaces what it cannot use: an interval that Go does not parse by 60 s, a threshold below 1 by 1 (pkg/apis/flagger/v1beta1/canary.go). Weights are percent; step weights that do not rise skip to the end (pkg/controller/scheduler.go, nextStepWeight).',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => [
      ...checkNumbers(canary),
      ...checkStepWeights(canary),
      ...checkDurations(canary),
      ...checkThresholdRanges(canary),
      ...checkSuccessRates(canary),
    ]),
};

interface Range {
  readonly path: Path;
  readonly min: number;
  readonly max: number;
  /** What Flagger does with another value. */
  readonly effect: string;
}

const weightEffect = 'a weight is a share of the traffic in percent';

function rangesOf(canary: LocatedObject): readonly Range[] {
  const analysis = analysisPath(canary);
  const count = { min: 1, max: 2 ** 31 - 1 };
  return [
    { path: [...analysis, 'threshold'], ...count, effect: 'Flagger uses 1 instead' },
    { path: [...analysis, 'iterations'], ...count, effect: 'Flagger ignores it' },
    { path: [...analysis, 'maxWeight'], min: 1, max: 100, effect: weightEffect },
    { path: [...analysis, 'stepWeight'], min: 1, max: 100, effect: weightEffect },
    { path: [...analysis, 'stepWeightPromotion'], min: 1, max: 100, effect: weightEffect },
    { path: [...analysis, 'mirrorWeight'], min: 1, max: 100, effect: weightEffect },
    { path: [...analysis, 'primaryReadyThreshold'], min: 0, max: 100, effect: 'it is a share of the pods in percent' },
    { path: [...analysis, 'canaryReadyThreshold'], min: 0, max: 100, effect: 'it is a share of the pods in percent' },
    { path: ['spec', 'progressDeadlineSeconds'], ...count, effect: 'the deadline is over at once' },
    { path: ['spec', 'service', 'port'], min: 1, max: 65_535, effect: 'no Service can have this port' },
  ];
}

function checkNumbers(canary: LocatedObject): readonly Finding[] {
  return rangesOf(canary).flatMap(({ path, min, max, effect }) => {
    const value = canary.get(...path);
    // 0 is how a Canary says that it does not use a weight or iterations.
    const isUnused = value === 0 && /[wW]eight|iterations/.test(String(path.at(-1)));
    if (typeof value !== 'number' || isUnused || (Number.isInteger(value) && value >= min && value <= max)) {
      return [];
    }
    const expected = max > 65_535 ? `of at least ${min}` : `from ${min} to ${max}`;
    return [{ object: canary, path, message: `expected a whole number ${expected}, found ${value}: ${effect}` }];
  });
}

function checkStepWeights(canary: LocatedObject): readonly Finding[] {
  const path = [...analysisPath(canary), 'stepWeights'];
  const weights = listAt(canary, path);
  return weights.flatMap((weight, index): readonly Finding[] => {
    const before = index === 0 ? 0 : weights[index - 1];
    if (typeof weight !== 'number' || typeof before !== 'number' || (weight > before && weight <= 100)) {
      return [];
    }
    const message =
      weight > 100
        ? `expected a whole number from 1 to 100, found ${weight}: ${weightEffect}`
        : `the weight ${weight} does not follow ${before}: write the steps in rising order`;
    return [{ object: canary, path: [...path, index], message }];
  });
}

/** The durations that Go parses (time.ParseDuration) and the schema allows. Windows of metrics become part of a query: PromQL takes whole numbers. */
const goDuration = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h))+$/;
const promDuration = /^(?:\d+(?:ms|s|m|h|d|w|y))+$/;

function checkDurations(canary: LocatedObject): readonly Finding[] {
  const analysis = analysisPath(canary);
  const interval = canary.get(...analysis, 'interval');
  const findings: Finding[] = [];
  if (typeof interval === 'string' && /^\d/.test(interval) && !goDuration.test(interval)) {
    findings.push({
      object: canary,
      path: [...analysis, 'interval'],
      message: `Flagger cannot parse the interval ${interval} and checks every 60 s: write it like 30s or 1m`,
    });
  }
  for (const { path, name, interval: window } of readMetrics(canary)) {
    if (window !== undefined && /^\d/.test(window) && !promDuration.test(window)) {
      findings.push({
        object: canary,
        path: [...path, 'interval'],
        message: `PromQL does not accept the window [${window}] of ${name}, so every check fails: write it like 30s or 1m`,
      });
    }
  }
  return findings;
}

function checkThresholdRanges(canary: LocatedObject): readonly Finding[] {
  return readMetrics(canary).flatMap(({ path, name }) => {
    const range = [...path, 'thresholdRange'];
    const [min, max] = [canary.get(...range, 'min'), canary.get(...range, 'max')];
    return typeof min === 'number' && typeof max === 'number' && min > max
      ? [
          {
            object: canary,
            path: [...range, 'min'],
            message: `no value of ${name} is at least ${min} and at most ${max}, so every check fails: exchange the bounds`,
          },
        ]
      : [];
  });
}

/** Flagger's own success rate is in percent, 0 to 100. */
function checkSuccessRates(canary: LocatedObject): readonly Finding[] {
  return readMetrics(canary)
    .filter(({ name, template, hasQuery }) => name === 'request-success-rate' && template === undefined && !hasQuery)
    .flatMap(({ path }) => [
      [...path, 'thresholdRange', 'min'],
      [...path, 'threshold'],
    ])
    .flatMap((path): readonly Finding[] => {
      const value = canary.get(...path);
      if (typeof value !== 'number' || (value > 1 && value <= 100)) {
        return [];
      }
      const effect = value > 100 ? 'every check fails' : `nearly every release passes: ${value} means ${value} %`;
      return [{ object: canary, path, message: `the success rate is in percent, so ${effect}. Write it like 99` }];
    });
}
