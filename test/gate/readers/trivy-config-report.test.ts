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
    expect(readTrivyConfigReport(text, files)).toMatchObject({ ok: false, code });
  });
});
