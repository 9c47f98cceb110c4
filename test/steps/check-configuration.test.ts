import { execFileSync } from 'node:child_process';
import { kindsWithChecks } from '../../lib/gate/checkov-input';
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

/** What checkov, and not trivy, says of these files. */
async function byCheckov(files: Readonly<Record<string, string>>) {
  const reports = await checkConfiguration(new Map(Object.entries(files)));
  return reports.find(({ scanner }) => scanner === 'checkov');
}

test.each([
  ['one document', namespace],
  ['several', `${namespace}---\n${project}`],
])('files of kinds that checkov has no check for are clean: %s', async (_, text) => {
  expect(await byCheckov({ [namespaces]: text })).toEqual({ ok: true, scanner: 'checkov', observations: [] });
});

test('beside them, what it has checks for is checked', async () => {
  const report = await byCheckov({ [namespaces]: namespace, [pod]: podOf('A') });
  expect(report).toMatchObject({ ok: true });
  const ids = report?.ok ? report.observations.map(({ id, path }) => `${id} ${path}`) : [];
  expect(ids).toContain(`CKV_K8S_12 ${pod}`);
});

// checkov says nothing of either: it counts no error, and reports on the files beside them.
test.each([
  ['is no YAML', { [namespaces]: 'kind: [', [pod]: podOf('A') }, namespaces],
  ['checkov takes for a template', { [namespaces]: `${namespace}# {{ .Values.shop }}\n` }, namespaces],
  ['has a name that checkov does not take', { [namespaces]: namespace, [pod]: podOf('{A}') }, pod],
])('a file that %s was not checked', async (_, files, path) => {
  expect(await byCheckov(files)).toMatchObject({
    ok: false,
    code: 'unread-files',
    message: expect.stringContaining(path),
  });
});

test('the kinds that checkov has checks for are those that it lists', () => {
  const words = ['--list', '--framework', 'kubernetes', '--skip-download'];
  const table = execFileSync(toolPath('checkov'), words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const kinds = table
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, , id, type, kind]) => (id?.startsWith('CKV') && type === 'resource' && kind ? [kind] : []));
  expect([...new Set(kinds)].sort()).toEqual([...kindsWithChecks].sort());
});
