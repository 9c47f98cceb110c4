import { platformSchema } from '../../lib/catalog';
import {
  describeFinding,
  judgeConfiguration,
  parseCheckovInput,
  policyFor,
  readCheckovReport,
  readTrivyConfigReport,
} from '../../lib/gate';
import { byDesign } from '../../lib/gate/by-design';
import type { CheckovFile } from '../../lib/gate/checkov-input';
import { placeOf } from '../../lib/gate/configuration-place';
import { checkovOutput, checkovZeroCount } from './checkov-output';

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

describe('readTrivyConfigReport', () => {
  test('reads file, environment and message of a finding', () => {
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
      'a file without any check',
      trivy({}, [{ Target: 'Dockerfile', MisconfSummary: { Successes: 0, Failures: 0 } }]),
      ['Dockerfile'],
      'vacuous-report',
    ],
    ['no file at all', trivy(), [], 'vacuous-report'],
  ])('rejects %s', (_, text, files, code) => {
    expect(readTrivyConfigReport(text, files)).toMatchObject({ ok: false, code });
  });
});

const manifest = (kind: string, name = 'hello', namespace?: string) =>
  `apiVersion: v1\nkind: ${kind}\nmetadata: ${JSON.stringify({ name, namespace })}\n`;

/** The parsed input of checkov. */
function parseFiles(files: Readonly<Record<string, string>>): readonly CheckovFile[] {
  const input = parseCheckovInput(new Map(Object.entries(files)));
  if (!input.ok) {
    throw new Error(input.message);
  }
  return input.files;
}

const oneDeployment = parseFiles({ [deployment]: manifest('Deployment', 'hello', 'dev') });
const namespaces = 'platform/dev/namespaces.yaml';
const oneNamespace = parseFiles({ [namespaces]: manifest('Namespace') });
const dockerfile = parseFiles({ Dockerfile: 'FROM scratch\n' });

describe('readCheckovReport', () => {
  test.each([
    ['one framework', checkov(), oneDeployment],
    ['several', [checkov({}, [], 'dockerfile'), checkov()], [...dockerfile, ...oneDeployment]],
    ['kinds with and without checks', checkov(), [...oneDeployment, ...oneNamespace]],
  ])('reads a report on %s', (_, json, files) => {
    expect(readCheckovReport(checkovOutput(json, files), files)).toMatchObject({
      ok: true,
      observations: [
        { id: 'CKV_K8S_16', package: 'deployment.yaml', version: 'dev: Deployment.hello.hello', severity: 'unknown' },
      ],
    });
  });

  test.each([
    ['namespaces', oneNamespace],
    [
      'several documents in a file',
      parseFiles({ [namespaces]: `${manifest('Namespace')}---\n${manifest('AppProject')}` }),
    ],
  ])('is clean if checkov read everything and has no check for any kind: %s', (_, files) => {
    expect(readCheckovReport(checkovOutput(checkovZeroCount, files), files)).toEqual({
      ok: true,
      scanner: 'checkov',
      observations: [],
    });
  });

  test.each([
    ['empty', '', oneDeployment, 'empty-report'],
    ['cut off', checkovOutput(checkov(), oneDeployment).slice(0, 50), oneDeployment, 'unreadable-report'],
    ['without its inventory', JSON.stringify(checkovZeroCount), oneNamespace, 'unreadable-report'],
    [
      'a plain count over an inventory without the file',
      checkovOutput(checkovZeroCount, []),
      oneNamespace,
      'unread-files',
    ],
    [
      'about another file with the same path',
      checkovOutput(checkovZeroCount, oneNamespace),
      parseFiles({ [namespaces]: `${manifest('Namespace')}# changed\n` }),
      'unread-files',
    ],
    [
      'about a part of a file',
      checkovOutput(checkovZeroCount, oneNamespace),
      oneNamespace.map((file) => ({ ...file, resources: [...file.resources, 'Namespace.default.shop'] })),
      'unread-files',
    ],
    [
      'about only one of two files',
      checkovOutput(checkov(), oneDeployment),
      [...oneDeployment, ...oneNamespace],
      'unread-files',
    ],
    ['about no file', checkovOutput(checkovZeroCount, []), [], 'vacuous-report'],
    ...['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicaSet', 'Secret', 'ClusterRole'].map(
      (kind) => {
        const files = parseFiles({ [deployment]: manifest(kind) });
        return [
          `a plain count for a ${kind}`,
          checkovOutput(checkovZeroCount, files),
          files,
          'vacuous-report',
        ] as const;
      },
    ),
    ['a plain count for a Dockerfile', checkovOutput(checkovZeroCount, dockerfile), dockerfile, 'vacuous-report'],
    ...[{ failed: 1 }, { parsing_errors: 1 }, { skipped: 1 }, { passed: 1 }, { resource_count: 1 }].map(
      (changes) =>
        [
          `a plain count with ${JSON.stringify(changes)}`,
          checkovOutput({ ...checkovZeroCount, ...changes }, oneNamespace),
          oneNamespace,
          'unreadable-report',
        ] as const,
    ),
    [
      'on another framework',
      checkovOutput(checkov({}, [], 'dockerfile'), oneDeployment),
      oneDeployment,
      'vacuous-report',
    ],
    [
      'without a single check',
      checkovOutput(checkov({ passed: 0 }, []), oneDeployment),
      oneDeployment,
      'vacuous-report',
    ],
    [
      'about a file that checkov could not parse',
      checkovOutput(checkov({ parsing_errors: 1 }), oneDeployment),
      oneDeployment,
      'unread-files',
    ],
    [
      'about a check that a file skips',
      checkovOutput(checkov({ skipped: 1 }), oneDeployment),
      oneDeployment,
      'skipped-checks',
    ],
    ['with a wrong sum', checkovOutput(checkov({ failed: 2 }), oneDeployment), oneDeployment, 'unreadable-report'],
  ] as const)('rejects a report: %s', (_, text, files, code) => {
    expect(readCheckovReport(text, files)).toMatchObject({ ok: false, code });
  });

  test.each([
    ['text that is not YAML', 'kind: [', 'Flow sequence in block collection'],
    ['an empty document', '# nothing\n', 'no document'],
    ['a document without a kind', 'foo: 1\n', 'a document without apiVersion'],
    ['a document without a name', 'apiVersion: v1\nkind: Namespace\nmetadata: {}\n', 'without metadata.name'],
  ])('is not run on %s', (_, text, found) => {
    const input = parseCheckovInput(new Map([[namespaces, text]]));
    expect(input).toMatchObject({ ok: false, message: expect.stringContaining(found) });
    expect(input).toMatchObject({ message: expect.stringContaining(`${namespaces}: expected Kubernetes manifests`) });
  });

  test('counts the items of a List', () => {
    const list = JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'dev' } }],
    });
    expect(parseFiles({ [deployment]: list })).toMatchObject([{ resources: ['Pod.dev.a'], hasChecks: true }]);
  });
});

describe('judgeConfiguration', () => {
  const clean = readTrivyConfigReport(trivy({ Status: 'PASS' }), [deployment]);
  const found = readCheckovReport(checkovOutput(checkov(), oneDeployment), oneDeployment);
  const risk = {
    id: 'CKV_K8S_16',
    package: 'deployment.yaml',
    reason: 'it drives the hardware of its node',
    owner: 'storefront',
    expires: '2026-12-31',
  };
  const judge = (reports = [clean, found], risks: (typeof risk & { service?: string })[] = [], service = 'hello') =>
    judgeConfiguration(reports, policyFor(findings, risks, service), now);

  test('blocks a finding of unknown severity, which counts as high', () => {
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

  test('is inconclusive unless both scanners ran', () => {
    expect(judge([clean])).toMatchObject({ outcome: 'inconclusive', reasons: [{ code: 'scanner-did-not-run' }] });
    expect(judge([])).toMatchObject({ outcome: 'inconclusive' });
  });

  test.each([
    ['for all services', risk, 'hello', 'passed'],
    ['for this service', { ...risk, service: 'hello' }, 'hello', 'passed'],
    ['for another service', { ...risk, service: 'shop' }, 'hello', 'blocked'],
    ['for another file', { ...risk, package: 'canary.yaml' }, 'hello', 'blocked'],
    ['until yesterday', { ...risk, expires: '2026-11-23' }, 'hello', 'blocked'],
  ])('with a risk that is accepted %s', (_, accepted, service, outcome) => {
    expect(judge([clean, found], [accepted], service).outcome).toBe(outcome);
  });
});

test.each(byDesign.flatMap(({ checks, package: file }) => checks.map((id) => [id, file] as const)))(
  '%s is by design in %s, and nowhere else',
  (id, file) => {
    const of = (path: string) => {
      const report = readCheckovReport(
        checkovOutput(checkov({}, [{ ...check, check_id: id, file_path: `/${path}` }]), oneDeployment),
        oneDeployment,
      );
      const clean = readTrivyConfigReport(trivy({ Status: 'PASS' }), [deployment]);
      return judgeConfiguration([report, clean], policyFor(findings, [], 'hello'), now);
    };
    const intended = of(file === 'Dockerfile' ? file : `manifests/dev/hello/${file}`);
    expect(intended.outcome).toBe('passed');
    expect(intended.findings.map(describeFinding)[0]).toContain('by design: ');
    expect(of('manifests/dev/hello/job.yaml').outcome).toBe('blocked');
  },
);

test.each([
  ['Dockerfile', { package: 'Dockerfile' }],
  [deployment, { package: 'deployment.yaml', environment: 'dev' }],
  ['apps/prod/hello.yaml', { package: 'apps/hello.yaml', environment: 'prod' }],
  ['platform/prod/namespaces.yaml', { package: 'platform/namespaces.yaml', environment: 'prod' }],
])('the place of %s is %j', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
