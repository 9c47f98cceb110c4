import { readCheckovReport } from '../../../lib/gate';
import {
  checkovFindings,
  checkovOutput,
  checkovZeroCount,
  deployment,
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
    expect(readCheckovReport(text, files)).toMatchObject({ ok: false, code });
  });
});
