import { readTrivyConfigReport } from '../../../lib/gate';
import { deployment, trivyConfigOutput } from '../report-fixtures';

describe('readTrivyConfigReport', () => {
  test('reads file, environment and message of a finding', () => {
    const report = readTrivyConfigReport(trivyConfigOutput(), [deployment]);
    expect(report).toEqual({
      ok: true,
      scanner: 'trivy-config',
      observations: [
        {
          id: 'KSV-0017',
          aliases: [],
          package: 'deployment.yaml',
          path: deployment,
          version: 'dev',
          title: "Container 'hello' is privileged",
          severity: 'high',
          source: 'trivy-config',
          reachable: false,
        },
      ],
    });
  });

  test.each([
    ['nothing', '', [deployment], 'empty-report'],
    ['half a report', trivyConfigOutput().slice(0, 40), [deployment], 'unreadable-report'],
    ['{}', '{}', [deployment], 'unreadable-report'],
    ['a report on other files', trivyConfigOutput(), [deployment, 'Dockerfile'], 'vacuous-report'],
    ['a report without results', '{"SchemaVersion":2}', [deployment], 'vacuous-report'],
    [
      'a file without any check',
      trivyConfigOutput({}, [{ Target: 'Dockerfile', MisconfSummary: { Successes: 0, Failures: 0 } }]),
      ['Dockerfile'],
      'vacuous-report',
    ],
    [
      'a suppressed finding',
      trivyConfigOutput({}, [{ Target: 'x', ExperimentalModifiedFindings: [{ Status: 'ignored' }] }]),
      [deployment],
      'skipped-checks',
    ],
    ['no file at all', trivyConfigOutput(), [], 'vacuous-report'],
  ])('rejects %s', (_, text, files, code) => {
    expect(readTrivyConfigReport(text, files)).toMatchObject({ ok: false, scanner: 'trivy-config', code });
  });
});

const only = (changes: object) => {
  const report = readTrivyConfigReport(trivyConfigOutput(changes), [deployment]);
  return report.ok ? report.observations : report;
};

test.each([
  ['CRITICAL', 'critical'],
  ['HIGH', 'high'],
  ['MEDIUM', 'medium'],
  ['LOW', 'low'],
  ['UNKNOWN', 'unknown'],
  ['high', 'unknown'],
  [undefined, 'unknown'],
])('the severity %s is %s', (Severity, severity) => {
  expect(only({ Severity })).toMatchObject([{ severity }]);
});

test('a check that passed is no finding, and one of any other status is', () => {
  expect(only({ Status: 'PASS' })).toEqual([]);
  expect(only({ Status: 'EXCEPTION' })).toMatchObject([{ id: 'KSV-0017' }]);
});

test.each(['', undefined])('without a message (%j), a finding has the title of its check', (Message) => {
  expect(only({ Message })).toMatchObject([{ title: 'Privileged' }]);
});

test('a file of no environment has none', () => {
  const dockerfile = {
    Target: 'Dockerfile',
    MisconfSummary: { Successes: 1, Failures: 0 },
    Misconfigurations: [{ ID: 'DS-0001', Title: 'a title', Status: 'FAIL' }],
  };
  const report = readTrivyConfigReport(trivyConfigOutput({ Status: 'PASS' }, [dockerfile]), ['Dockerfile']);
  expect(report).toMatchObject({ observations: [{ package: 'Dockerfile', version: '', path: 'Dockerfile' }] });
});

test.each([
  ['successes alone', { Successes: 1, Failures: 0 }, true],
  ['failures alone', { Successes: 0, Failures: 1 }, true],
  ['neither', { Successes: 0, Failures: 0 }, false],
  ['no summary', undefined, false],
])('a file with %s is checked: %s', (_, MisconfSummary, ok) => {
  const text = trivyConfigOutput({ Status: 'PASS' }, [
    { Target: 'Dockerfile', MisconfSummary, Misconfigurations: null, ExperimentalModifiedFindings: [] },
  ]);
  expect(readTrivyConfigReport(text, [deployment, 'Dockerfile'])).toMatchObject(
    ok ? { ok: true, observations: [] } : { code: 'vacuous-report', message: expect.stringMatching(/ of Dockerfile$/) },
  );
});

test('the message says which file has suppressed findings, and that there is no file', () => {
  const suppressed = { Target: 'x', ExperimentalModifiedFindings: [{ Status: 'ignored' }] };
  const report = readTrivyConfigReport(trivyConfigOutput({}, [suppressed]), [deployment]);
  expect(report).toMatchObject({ message: expect.stringContaining('found some in x:') });
  expect(readTrivyConfigReport(trivyConfigOutput(), [])).toMatchObject({
    message: expect.stringContaining('found none'),
  });
});
