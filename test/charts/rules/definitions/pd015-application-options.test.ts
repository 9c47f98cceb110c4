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

test('an Application with all of them passes', () => {
  expect(findings(applicationOptions, application)).toEqual([]);
});

test.each([
  ['client-side apply', 'ServerSideApply=true, ', '', 'ServerSideApply=true'],
  ['differences that a sync undoes', ', RespectIgnoreDifferences=true', '', 'RespectIgnoreDifferences=true'],
  ['a branch that may be a tag', 'refs/heads/main', 'main', 'refs/heads/main'],
  [
    'a refresh at every commit',
    '  annotations: { argocd.argoproj.io/manifest-generate-paths: /web }\n',
    '',
    'manifest-generate-paths',
  ],
])('%s is a warning with the way out', (_, was, is, way) => {
  expect(onlyFinding(applicationOptions, application.replace(was, is))).toMatchObject({
    level: 'warning',
    message: expect.stringContaining(way),
  });
});

test('without ignoreDifferences there is nothing to respect', () => {
  const plain = application.replace('  ignoreDifferences: []\n', '').replace(', RespectIgnoreDifferences=true', '');
  expect(findings(applicationOptions, plain)).toEqual([]);
});

test.each(['HEAD', 'v1.2.3', '1.2.3', 'a'.repeat(40)])('the revision %s is no branch', (revision) => {
  expect(findings(applicationOptions, application.replace('refs/heads/main', revision))).toEqual([]);
});

test('a chart has neither branch nor path', () => {
  const chart = application
    .replace(/ {2}source: .*/, '  source: { repoURL: https://example.com, chart: web, targetRevision: 1.x }')
    .replace(/ {2}annotations.*\n/, '');
  expect(findings(applicationOptions, chart)).toEqual([]);
});

test('of several sources each is looked at', () => {
  const several = application.replace(
    / {2}source: (.*)/,
    '  sources:\n    - $1\n    - { repoURL: https://example.com/values.git, targetRevision: main, ref: values }',
  );
  expect(onlyFinding(applicationOptions, several).field).toBe('spec.sources.1.targetRevision');
});

test('what an ApplicationSet makes is looked at, and what it fills in is not guessed', () => {
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
