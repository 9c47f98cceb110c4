import { execFileSync } from 'node:child_process';
import { kindsWithChecks } from '../../lib/gate/readers/checkov-input';
import { checkConfiguration } from '../../lib/steps';
import { toolPath } from '../../lib/tools';

const namespaces = 'platform/dev/namespaces.yaml';
const pod = 'manifests/dev/hello/pod.yaml';
const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n';
const project =
  'apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: shop, namespace: argocd}\nspec: {}\n';
const podOf = (variable: string) => `apiVersion: v1
kind: Pod
metadata: {name: hello, namespace: dev}
spec: {containers: [{name: hello, image: "hello@sha256:00", env: [{name: "${variable}", value: "1"}]}]}
`;

/** checkov's report on these files. */
async function checkovReport(files: Readonly<Record<string, string>>) {
  const reports = await checkConfiguration(new Map(Object.entries(files)));
  return reports.find(({ scanner }) => scanner === 'checkov');
}

test.each([
  ['one document', namespace],
  ['several', `${namespace}---\n${project}`],
])('files of kinds without a check are clean: %s', async (_, text) => {
  expect(await checkovReport({ [namespaces]: text })).toEqual({ ok: true, scanner: 'checkov', observations: [] });
});

test('other files beside them are checked', async () => {
  const report = await checkovReport({ [namespaces]: namespace, [pod]: podOf('A') });
  expect(report).toMatchObject({ ok: true });
  const ids = report?.ok ? report.observations.map(({ id, path }) => `${id} ${path}`) : [];
  expect(ids).toContain(`CKV_K8S_12 ${pod}`);
});

test('a Dockerfile beside them is checked, too', async () => {
  const report = await checkovReport({ [namespaces]: namespace, Dockerfile: 'FROM scratch\n' });
  expect(report).toMatchObject({ ok: true });
  expect(report?.ok && report.observations.map(({ id }) => id)).toContain('CKV_DOCKER_3');
});

// checkov ignores these files silently: it counts no error, and reports on the other files.
test.each([
  ['is not YAML', { [namespaces]: 'kind: [', [pod]: podOf('A') }, namespaces],
  ['checkov treats as a template', { [namespaces]: `${namespace}# {{ .Values.shop }}\n` }, namespaces],
  ['has a name that checkov does not accept', { [namespaces]: namespace, [pod]: podOf('{A}') }, pod],
])('a file that %s is reported as unread', async (_, files, path) => {
  expect(await checkovReport(files)).toMatchObject({
    ok: false,
    code: 'unread-files',
    message: expect.stringContaining(path),
  });
});

test('a comment that turns a check off leaves no report that counts, also in a text of a ConfigMap', async () => {
  const text = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata:\n  a: |\n    # trivy:ignore:KSV-0109\n';
  const reports = await checkConfiguration(
    new Map([
      [namespaces, namespace],
      ['manifests/dev/hello/a.yaml', text],
    ]),
  );
  expect(reports.map(({ scanner, ...report }) => [scanner, report])).toEqual(
    ['trivy-config', 'checkov'].map((scanner) => [
      scanner,
      {
        ok: false,
        code: 'skipped-checks',
        message: expect.stringContaining(
          'found manifests/dev/hello/a.yaml:6: accept risks in accepted-risks.yaml only',
        ),
      },
    ]),
  );
});

test('kindsWithChecks matches the list of the pinned checkov', () => {
  const options = ['--list', '--framework', 'kubernetes', '--skip-download'];
  const table = execFileSync(toolPath('checkov'), options, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const kinds = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, , id, type, kind]) => (id?.startsWith('CKV') && type === 'resource' && kind ? [kind] : []));
  expect([...new Set(kinds)].sort()).toEqual([...kindsWithChecks].sort());
});
