import { canaries, findByKind, readMetrics } from '../manifests/canaries';
import type { LocatedObject, Path } from '../manifests/objects';
import { type ReadQuery, readQuery } from '../promql/query';
import type { Rule } from '../rule';

export const unsafeQuery: Rule = {
  id: 'PD008',
  title: 'A query answers with one number whenever it was measured, and only then',
  why: 'No answer is a failed check, and so is NaN (pkg/metrics/providers/prometheus.go). A counter of failures that has never failed has no series, and an idle service is 0 / 0: healthy releases are rolled back. Of several series Flagger takes the last, whichever that is.',
  level: 'error',
  check: (objects) =>
    queriesOf(objects).flatMap(({ object, path, text }) =>
      findings(readQuery(text)).map((finding) => ({ object, path, ...finding })),
    ),
};

interface Query {
  readonly object: LocatedObject;
  readonly path: Path;
  readonly text: string;
}

function queriesOf(objects: readonly LocatedObject[]): readonly Query[] {
  const query = (object: LocatedObject, path: Path): readonly Query[] => {
    const text = object.get(...path);
    return typeof text === 'string' && text.trim() !== '' ? [{ object, path, text }] : [];
  };
  return [
    ...findByKind(objects, 'MetricTemplate', 'flagger.app')
      .filter((template) => template.get('spec', 'provider', 'type') === 'prometheus')
      .flatMap((template) => query(template, ['spec', 'query'])),
    ...canaries(objects).flatMap((canary) =>
      readMetrics(canary).flatMap(({ path }) => query(canary, [...path, 'query'])),
    ),
  ];
}

interface Judgement {
  readonly message: string;
  readonly level?: 'error' | 'warning';
}

function findings(query: ReadQuery): readonly Judgement[] {
  if (!query.ok) {
    return [{ message: `this is no PromQL from ${JSON.stringify(query.near)} on: every check would fail` }];
  }
  const several =
    query.series === 'one'
      ? []
      : [
          query.series === 'any'
            ? {
                level: 'warning' as const,
                message:
                  'it is not aggregated: where it answers with several series, the last one decides. Put sum(), max() or avg() around it.',
              }
            : {
                message: `it answers with a series for each ${[...query.series].join(', ')}, and the last one decides: aggregate without them, or take max() of it`,
              },
        ];
  const empty = query.ratios
    .filter(({ guarded }) => !guarded && !query.neverEmpty)
    .map(
      ({ selector, good }): Judgement =>
        good
          ? {
              level: 'warning',
              message: `where every request fails, ${selector} has no series, and the check fails for having no value instead of for the failures: count the failures, with "or vector(0)"`,
            }
          : {
              message: `before the first failure ${selector} has no series, and no value is a failed check: a healthy release is rolled back. Put (… or vector(0)) around the upper side.`,
            },
    );
  const open = query.neverEmpty
    ? [
        {
          level: 'warning' as const,
          message:
            '"or …" around the whole answers also when the target is gone, and a release that nobody measures passes: put it around the upper side alone',
        },
      ]
    : [];
  return [
    ...several,
    ...empty,
    ...open,
    ...query.idle.map((what) => ({ level: 'warning' as const, message: idle[what] })),
  ];
}

/** Ways out that answer 0 while nobody asks for anything, and nothing where nobody measures. */
const idle: Readonly<Record<'ratio' | 'quantile', string>> = {
  ratio:
    'without requests it is 0 / 0 = NaN, which is a failed check: an idle release is rolled back. Put clamp_min(…, 1e-9) around the lower side',
  quantile:
    'without requests it is NaN, which is a failed check: an idle release is rolled back, and one with few requests by the slowest of them. Ask for a number of them, and say 0 otherwise: (… and on() (<count> >= 100)) or on() (0 * sum(up{…} == 1))',
};
