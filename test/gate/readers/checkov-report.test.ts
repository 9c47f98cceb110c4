import { readCheckovReport } from '../../../lib/gate';
import {
  checkovFindings,
  checkovOutput,
  checkovZeroCount,
  deployment,
  failedCheck,
  manifest,
  oneDeployment,
  parseFiles,
} from '../report-fixtures';

const namespaces = 'platform/dev/namespaces.yaml';
const oneNamespace = parseFiles({ [namespaces]: manifest('Namespace') });
const dockerfile = parseFiles({ Dockerfile: 'FROM scratch\n' });

describe('readCheckovReport', () => {
  test.each([
    ['one framework', checkovFindings(), oneDeployment],
    ['several', [checkovFindings({}, [], 'dockerfile'), checkovFindings()], [...dockerfile, ...oneDeployment]],
    ['kinds with and without checks', checkovFindings(), [...oneDeployment, ...oneNamespace]],
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
    ['cut off', checkovOutput(checkovFindings(), oneDeployment).slice(0, 50), oneDeployment, 'unreadable-report'],
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
      checkovOutput(checkovFindings(), oneDeployment),
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
      checkovOutput(checkovFindings({}, [], 'dockerfile'), oneDeployment),
      oneDeployment,
      'vacuous-report',
    ],
    [
      'without a single check',
      checkovOutput(checkovFindings({ passed: 0 }, []), oneDeployment),
      oneDeployment,
      'vacuous-report',
    ],
    [
      'about a file that checkov could not parse',
      checkovOutput(checkovFindings({ parsing_errors: 1 }), oneDeployment),
      oneDeployment,
      'unread-files',
    ],
    [
      'about a check that a file skips',
      checkovOutput(checkovFindings({ skipped: 1 }), oneDeployment),
      oneDeployment,
      'skipped-checks',
    ],
    [
      'with a wrong sum',
      checkovOutput(checkovFindings({ failed: 2 }), oneDeployment),
      oneDeployment,
      'unreadable-report',
    ],
  ] as const)('rejects a report: %s', (_, text, files, code) => {
    expect(readCheckovReport(text, files)).toMatchObject({ ok: false, scanner: 'checkov', code });
  });
});

describe('the findings of checkov', () => {
  const observationsOf = (...failed: readonly object[]) => {
    const report = readCheckovReport(checkovOutput(checkovFindings({}, failed), oneDeployment), oneDeployment);
    return report.ok ? report.observations : report;
  };

  test('have the check, its title, the file, the environment and the resource', () => {
    expect(observationsOf(failedCheck)).toEqual([
      {
        id: 'CKV_K8S_16',
        aliases: [],
        package: 'deployment.yaml',
        path: deployment,
        version: 'dev: Deployment.hello.hello',
        title: 'Container should not be privileged',
        severity: 'unknown',
        source: 'checkov',
        reachable: false,
      },
    ]);
  });

  test.each([
    ['/Dockerfile', '/Dockerfile.USER', 'Dockerfile', 'USER'],
    ['/Dockerfile', '/cli_repo/files/Dockerfile.FROM', 'Dockerfile', 'FROM'],
    ['/Dockerfile', '/Dockerfile.', 'Dockerfile', ''],
    ['/Dockerfile', 'Dockerfile', 'Dockerfile', ''],
    ['Dockerfile', 'Dockerfile.RUN', 'Dockerfile', 'RUN'],
    ['/apps/prod/hello.yaml', 'Application.argocd.hello', 'apps/hello.yaml', 'prod: Application.argocd.hello'],
    ['/apps/prod/hello.yaml', '', 'apps/hello.yaml', 'prod'],
    ['a//b.yaml', 'Pod.default.a', 'a//b.yaml', 'Pod.default.a'],
  ])('of the file %s and the resource %s are in %s (%s)', (file_path, resource, name, version) => {
    expect(observationsOf({ ...failedCheck, file_path, resource })).toMatchObject([{ package: name, version }]);
  });

  test.each([
    ['LOW', 'low'],
    ['medium', 'medium'],
    ['High', 'high'],
    ['CRITICAL', 'critical'],
    ['INFO', 'unknown'],
    ['', 'unknown'],
    [null, 'unknown'],
    [undefined, 'unknown'],
  ])('with the severity %s have %s', (severity, expected) => {
    expect(observationsOf({ ...failedCheck, severity })).toMatchObject([{ severity: expected }]);
  });

  test('of several frameworks are all there', () => {
    const files = [...dockerfile, ...oneDeployment];
    const ofDockerfile = {
      ...failedCheck,
      check_id: 'CKV_DOCKER_3',
      file_path: '/Dockerfile',
      resource: '/Dockerfile.',
    };
    const findings = [checkovFindings({}, [ofDockerfile], 'dockerfile'), checkovFindings()];
    const report = readCheckovReport(checkovOutput(findings, files), files);
    expect(report.ok && report.observations.map(({ id }) => id)).toEqual(['CKV_DOCKER_3', 'CKV_K8S_16']);
  });
});

describe('what checkov must have read and checked', () => {
  const everything = [...dockerfile, ...oneDeployment];
  const both = [checkovFindings({}, [], 'dockerfile'), checkovFindings()];

  test.each([
    ['Dockerfile.', true],
    ['Dockerfile.FROM', true],
    ['Dockerfile.RUN', false],
    ['Dockerfile', false],
  ])('a Dockerfile with the resource %s was read: %s', (resource, ok) => {
    const [file] = dockerfile;
    const purl = `pkg:dockerfile/cli_repo/files/Dockerfile/${resource}@sha1:${file?.sha1}`;
    const inventory = JSON.stringify({ bomFormat: 'CycloneDX', components: [{ purl }] });
    const text = `${JSON.stringify(checkovFindings({}, [], 'dockerfile'))}\n--- OUTPUT DELIMITER ---\n${inventory}`;
    expect(readCheckovReport(text, dockerfile)).toMatchObject(ok ? { ok: true } : { code: 'unread-files' });
  });

  test.each([
    ['another framework', 'pkg:dockerfile/cli_repo/files/'],
    ['no folder of checkov', 'pkg:kubernetes/'],
    ['one folder of checkov', 'pkg:kubernetes/files/'],
    ['a folder before', 'pkg:kubernetes/cli_repo/files/other/'],
    ['text before', 'x-pkg:kubernetes/cli_repo/files/'],
  ])('a file with %s in the inventory was not read', (_, prefix) => {
    const text = checkovOutput(checkovFindings(), oneDeployment);
    expect(readCheckovReport(text, oneDeployment)).toMatchObject({ ok: true });
    expect(readCheckovReport(text.replaceAll('pkg:kubernetes/cli_repo/files/', prefix), oneDeployment)).toMatchObject({
      code: 'unread-files',
    });
  });

  test('names in the inventory are encoded as in URLs', () => {
    const files = parseFiles({ 'a b.yaml': manifest('Namespace') });
    const text = checkovOutput(checkovZeroCount, files);
    expect(readCheckovReport(text.replaceAll('a b.yaml', 'a%20b.yaml'), files)).toMatchObject({ ok: true });
  });

  test('a manifest file without documents was not read', () => {
    const files = oneDeployment.map((file) => ({ ...file, resources: [], hasChecks: false }));
    expect(readCheckovReport(checkovOutput(checkovZeroCount, []), files)).toMatchObject({
      code: 'unread-files',
      message: expect.stringContaining(deployment),
    });
  });

  test.each([
    ['a Dockerfile', [both[1]], 'dockerfile', 'Dockerfile'],
    ['the manifests', [both[0]], 'kubernetes', deployment],
  ])(
    'without a check of %s the report is vacuous, though the other one was checked',
    (_, findings, framework, path) => {
      const report = readCheckovReport(checkovOutput(findings, everything), everything);
      expect(report).toMatchObject({
        code: 'vacuous-report',
        message: `expected checkov to run checks of ${framework}, found none: it has checks for ${path}`,
      });
    },
  );

  test('checks that all passed, or all failed, are checks', () => {
    for (const findings of [
      checkovFindings({ passed: 1 }, []),
      checkovFindings({ passed: 0 }),
      checkovFindings({ passed: 1 }),
    ]) {
      expect(readCheckovReport(checkovOutput(findings, oneDeployment), oneDeployment)).toMatchObject({ ok: true });
    }
  });

  test.each([
    ['more findings than the summary says', checkovFindings({ failed: 0 })],
    ['fewer findings than the summary says', checkovFindings({ failed: 2 })],
  ])('%s make the report unreadable', (_, findings) => {
    expect(readCheckovReport(checkovOutput(findings, oneDeployment), oneDeployment)).toMatchObject({
      code: 'unreadable-report',
    });
  });

  test('a problem of any framework counts', () => {
    const skipped = [both[0], checkovFindings({ skipped: 1 })];
    expect(readCheckovReport(checkovOutput(skipped, everything), everything)).toMatchObject({
      code: 'skipped-checks',
      message: expect.stringContaining('check of kubernetes, found 1'),
    });
  });

  test.each([
    ['a third output', '\n--- OUTPUT DELIMITER ---\n{}', { code: 'unreadable-report' }],
    ['another separator', '\n--- OUTPUT DELIMITER ---\n \n', { ok: true }],
    ['two more separators', '\n--- OUTPUT DELIMITER ---\n\n--- OUTPUT DELIMITER ---\n', { ok: true }],
  ])('with %s after the inventory', (_, more, expected) => {
    const text = checkovOutput(checkovFindings(), oneDeployment) + more;
    expect(readCheckovReport(text, oneDeployment)).toMatchObject(expected);
  });

  test('with three outputs, the message counts them', () => {
    const text = `${checkovOutput(checkovFindings(), oneDeployment)}\n--- OUTPUT DELIMITER ---\n{}`;
    expect(readCheckovReport(text, oneDeployment)).toMatchObject({
      message: expect.stringContaining('found 3 outputs'),
    });
  });

  test.each(['null', '3', '"checkov_version"', '[{"checkov_version":"3.3.30"}]'])('%s is no report', (findings) => {
    const text = checkovOutput('FINDINGS', oneNamespace).replace('"FINDINGS"', findings);
    expect(readCheckovReport(text, oneNamespace)).toMatchObject({ code: 'unreadable-report' });
  });

  test.each([{ checkov_version: '' }, { checkov_version: 3 }, { check_type: 'kubernetes' }])(
    'a plain count with %j is no report',
    (changes) => {
      const text = checkovOutput({ ...checkovZeroCount, ...changes }, oneNamespace);
      expect(readCheckovReport(text, oneNamespace)).toMatchObject({ code: 'unreadable-report' });
    },
  );

  test.each([
    ['a check', { check_id: '' }],
    ['a title', { check_name: undefined }],
    ['a file', { file_path: undefined }],
    ['a resource', { resource: undefined }],
  ])('a finding without %s makes the report unreadable', (_, changes) => {
    const findings = checkovFindings({}, [{ ...failedCheck, ...changes }]);
    expect(readCheckovReport(checkovOutput(findings, oneDeployment), oneDeployment)).toMatchObject({
      code: 'unreadable-report',
    });
  });
});
