import { applicationOptions } from '../../../../charts/rules/definitions/pd015-application-options';
import { findings, onlyFinding } from '../valid-manifests';

const application = `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: web
  annotations: { argocd.argoproj.io/manifest-generate-paths: /web }
spec:
  source: { repoURL: https://example.com/ledger.git, targetRevision: refs/heads/main, path: web }
  ignoreDifferences: []
  syncPolicy: { syncOptions: [ServerSideApply=true, RespectIgnoreDifferences=true] }
`;

test('an Application with all options passes', () => {
  expect(findings(applicationOptions, application)).toEqual([]);
});

test.each([
  ['client-side apply', 'ServerSideApply=true, ', '', 'ServerSideApply=true'],
  ['ignored differences that a sync reverts', ', RespectIgnoreDifferences=true', '', 'RespectIgnoreDifferences=true'],
  ['a branch that may be a tag', 'refs/heads/main', 'main', 'refs/heads/main'],
  [
    'a refresh on every commit',
    '  annotations: { argocd.argoproj.io/manifest-generate-paths: /web }\n',
    '',
    'manifest-generate-paths',
  ],
])('%s is a warning with its remedy', (_, was, is, remedy) => {
  expect(onlyFinding(applicationOptions, application.replace(was, is))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(remedy),
  });
});

test('RespectIgnoreDifferences is not needed without ignoreDifferences', () => {
  const plain = application.replace('  ignoreDifferences: []\n', '').replace(', RespectIgnoreDifferences=true', '');
  expect(findings(applicationOptions, plain)).toEqual([]);
});

test.each(['HEAD', 'v1.2.3', '1.2.3', 'a'.repeat(40)])('the revision %s passes', (revision) => {
  expect(findings(applicationOptions, application.replace('refs/heads/main', revision))).toEqual([]);
});

test('a Helm chart needs neither a branch nor a path', () => {
  const chart = application
    .replace(/ {2}source: .*/, '  source: { repoURL: https://example.com, chart: web, targetRevision: 1.x }')
    .replace(/ {2}annotations.*\n/, '');
  expect(findings(applicationOptions, chart)).toEqual([]);
});

test('each of several sources is checked', () => {
  const several = application.replace(
    / {2}source: (.*)/,
    '  sources:\n    - $1\n    - { repoURL: https://example.com/values.git, targetRevision: main, ref: values }',
  );
  expect(onlyFinding(applicationOptions, several).field).toBe('spec.sources.1.targetRevision');
});

test('the template of an ApplicationSet is checked, except for the values that it fills in', () => {
  const set = `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: web }
spec:
  goTemplate: true
  template:
    metadata: { name: "{{.name}}", annotations: { argocd.argoproj.io/manifest-generate-paths: "/{{.path}}" } }
    spec:
      source: { repoURL: https://example.com/ledger.git, targetRevision: "{{.branch}}", path: "{{.path}}" }
      syncPolicy: { syncOptions: [CreateNamespace=true] }
`;
  expect(onlyFinding(applicationOptions, set)).toMatchObject({
    field: 'spec.template.spec.syncPolicy.syncOptions',
    message: expect.stringContaining('ServerSideApply=true'),
  });
  expect(
    onlyFinding(applicationOptions, set.replace('"{{.branch}}"', 'main').replace('CreateNamespace', 'ServerSideApply'))
      .field,
  ).toBe('spec.template.spec.source.targetRevision');
});
