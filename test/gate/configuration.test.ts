import { platformSchema } from '../../lib/catalog';
import {
  describeFinding,
  judgeConfiguration,
  policyFor,
  readCheckovReport,
  readTrivyConfigReport,
} from '../../lib/gate';
import { byDesign, placeOf } from '../../lib/gate/configuration';

const now = new Date('2026-11-24T12:00:00Z');
const findings = platformSchema.shape.findings.parse({});
const deployment = 'manifests/dev/hello/deployment.yaml';

const trivy = (changes: object = {}, more: readonly object[] = []) =>
  JSON.stringify({
    SchemaVersion: 2,
    Results: [
      {
        Target: deployment,
        Type: 'kubernetes',
        MisconfSummary: { Successes: 99, Failures: 1 },
        Misconfigurations: [
          {
            ID: 'KSV-0017',
            Title: 'Privileged',
            Message: "Container 'hello' is privileged",
            Severity: 'HIGH',
            Status: 'FAIL',
            ...changes,
          },
        ],
      },
      ...more,
    ],
  });

const check = {
  check_id: 'CKV_K8S_16',
  check_name: 'Container should not be privileged',
  file_path: `/${deployment}`,
  resource: 'Deployment.hello.hello',
  severity: null,
};
const checkov = (summary: object = {}, failed: readonly object[] = [check], type = 'kubernetes') => ({
  check_type: type,
  results: { failed_checks: failed },
  summary: { passed: 80, failed: failed.length, skipped: 0, parsing_errors: 0, ...summary },
});

describe('a report of trivy on configuration', () => {
  test('names the file, the environment and what is wrong', () => {
    const report = readTrivyConfigReport(trivy(), [deployment]);
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
    ['half a report', trivy().slice(0, 40), [deployment], 'unreadable-report'],
    ['{}', '{}', [deployment], 'unreadable-report'],
    ['a report on other files', trivy(), [deployment, 'Dockerfile'], 'vacuous-report'],
    ['a report without results', '{"SchemaVersion":2}', [deployment], 'vacuous-report'],
    [
      'a file that no check was made for',
      trivy({}, [{ Target: 'Dockerfile', MisconfSummary: { Successes: 0, Failures: 0 } }]),
      ['Dockerfile'],
      'vacuous-report',
    ],
    ['a check of no file at all', trivy(), [], 'vacuous-report'],
  ])('that is %s can not be relied on', (_, text, files, code) => {
    expect(readTrivyConfigReport(text, files)).toMatchObject({ ok: false, code });
  });
});

describe('a report of checkov', () => {
  test.each([
    ['one framework', checkov()],
    ['several', [checkov({}, [], 'dockerfile'), checkov()]],
  ])('is read for %s', (_, json) => {
    expect(readCheckovReport(JSON.stringify(json), ['kubernetes'])).toMatchObject({
      ok: true,
      observations: [
        { id: 'CKV_K8S_16', package: 'deployment.yaml', version: 'dev: Deployment.hello.hello', severity: 'unknown' },
      ],
    });
  });

  test.each([
    ['nothing', '', 'empty-report'],
    ['half a report', JSON.stringify(checkov()).slice(0, 50), 'unreadable-report'],
    [
      'what it writes where it found no file',
      '{"passed":0,"failed":0,"skipped":0,"parsing_errors":0}',
      'unreadable-report',
    ],
    ['a report on another framework', JSON.stringify(checkov({}, [], 'dockerfile')), 'vacuous-report'],
    ['a report without a single check', JSON.stringify(checkov({ passed: 0 }, [])), 'vacuous-report'],
    ['a file that it could not read', JSON.stringify(checkov({ parsing_errors: 1 })), 'unread-files'],
    ['a check that a file told it to skip', JSON.stringify(checkov({ skipped: 1 })), 'told-to-skip'],
    ['a sum that does not add up', JSON.stringify(checkov({ failed: 2 })), 'unreadable-report'],
  ])('that is %s can not be relied on', (_, text, code) => {
    expect(readCheckovReport(text, ['kubernetes'])).toMatchObject({ ok: false, code });
  });
});

describe('the verdict over manifests', () => {
  const clean = readTrivyConfigReport(trivy({ Status: 'PASS' }), [deployment]);
  const found = readCheckovReport(JSON.stringify(checkov()), ['kubernetes']);
  const risk = {
    id: 'CKV_K8S_16',
    package: 'deployment.yaml',
    reason: 'it drives the hardware of its node',
    owner: 'storefront',
    expires: '2026-12-31',
  };
  const judge = (reports = [clean, found], risks: (typeof risk & { service?: string })[] = [], service = 'hello') =>
    judgeConfiguration(reports, policyFor(findings, risks, service), now);

  test('is blocked by a finding whose severity checkov does not know, since unknown counts as high', () => {
    const verdict = judge();
    expect(verdict.outcome).toBe('blocked');
    expect(verdict.reasons).toEqual([
      {
        code: 'finding-blocks',
        message:
          'CKV_K8S_16 (unknown) in deployment.yaml (dev: Deployment.hello.hello), Container should not be privileged: unknown severity counts as high',
      },
    ]);
  });

  test('needs both readers', () => {
    expect(judge([clean])).toMatchObject({ outcome: 'unreliable', reasons: [{ code: 'scanner-did-not-run' }] });
    expect(judge([])).toMatchObject({ outcome: 'unreliable' });
  });

  test.each([
    ['for all services', risk, 'hello', 'passed'],
    ['for this service', { ...risk, service: 'hello' }, 'hello', 'passed'],
    ['for another service', { ...risk, service: 'shop' }, 'hello', 'blocked'],
    ['for another file', { ...risk, package: 'canary.yaml' }, 'hello', 'blocked'],
    ['until yesterday', { ...risk, expires: '2026-11-23' }, 'hello', 'blocked'],
  ])('takes a risk that is accepted %s', (_, accepted, service, outcome) => {
    expect(judge([clean, found], [accepted], service).outcome).toBe(outcome);
  });
});

test.each(byDesign.flatMap(({ checks, package: file }) => checks.map((id) => [id, file] as const)))(
  '%s in %s is by design, there and nowhere else',
  (id, file) => {
    const of = (path: string) => {
      const report = readCheckovReport(
        JSON.stringify(checkov({}, [{ ...check, check_id: id, file_path: `/${path}` }])),
        ['kubernetes'],
      );
      const clean = readTrivyConfigReport(trivy({ Status: 'PASS' }), [deployment]);
      return judgeConfiguration([report, clean], policyFor(findings, [], 'hello'), now);
    };
    const ours = of(file === 'Dockerfile' ? file : `manifests/dev/hello/${file}`);
    expect(ours.outcome).toBe('passed');
    expect(ours.findings.map(describeFinding)[0]).toContain('by design: ');
    expect(of('manifests/dev/hello/job.yaml').outcome).toBe('blocked');
  },
);

test.each([
  ['Dockerfile', { package: 'Dockerfile' }],
  [deployment, { package: 'deployment.yaml', environment: 'dev' }],
  ['apps/prod/hello.yaml', { package: 'apps/hello.yaml', environment: 'prod' }],
  ['platform/prod/namespaces.yaml', { package: 'platform/namespaces.yaml', environment: 'prod' }],
])('%s is filed as %j', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
