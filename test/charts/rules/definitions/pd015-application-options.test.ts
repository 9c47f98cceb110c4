import { checkObjects, parseObjects } from '../../../../charts/rules';
import { applicationOptions } from '../../../../charts/rules/definitions/pd015-application-options';
import { findings, lineOf, onlyFinding } from '../valid-manifests';

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

const canary = `---
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: { name: web, namespace: shop }
`;
const scaler = `---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: web, namespace: shop }
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
  expect(onlyFinding(applicationOptions, application.replace(was, is) + canary)).toMatchObject({
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
  expect(onlyFinding(applicationOptions, set + canary)).toMatchObject({
    field: 'spec.template.spec.syncPolicy.syncOptions',
    message: expect.stringContaining('ServerSideApply=true'),
  });
  expect(
    onlyFinding(applicationOptions, set.replace('"{{.branch}}"', 'main').replace('CreateNamespace', 'ServerSideApply'))
      .field,
  ).toBe('spec.template.spec.source.targetRevision');
});

describe('client-side apply', () => {
  const clientSide = application.replace('ServerSideApply=true, ', '');
  const to = (namespace: string) =>
    clientSide.replace('  ignoreDifferences', `  destination: { namespace: ${namespace} }\n  ignoreDifferences`);

  test('passes where neither a Canary nor an autoscaler is concerned', () => {
    expect(findings(applicationOptions, clientSide)).toEqual([]);
    expect(findings(applicationOptions, to('other') + canary + scaler)).toEqual([]);
  });

  test.each([
    ['a Canary', canary],
    ['an autoscaler', scaler],
    [
      'a ScaledObject of KEDA',
      scaler.replace('autoscaling/v2', 'keda.sh/v1alpha1').replace(/Horiz\w+/, 'ScaledObject'),
    ],
  ])('is a warning where the Application deploys %s to its namespace', (_, object) => {
    expect(onlyFinding(applicationOptions, to('shop') + object).level).toBe('warning');
  });
});

describe('the folder that an Application reads', () => {
  const clientSide = application.replace('ServerSideApply=true, ', '');
  const levels = (files: Readonly<Record<string, string>>) =>
    checkObjects(
      Object.entries(files).flatMap(([file, text]) => parseObjects(file, text).objects),
      [applicationOptions],
    ).map(({ level }) => level);
  const service = 'apiVersion: v1\nkind: Service\nmetadata: { name: web, namespace: shop }\n';

  test('decides where it is among the files', () => {
    const inShop = clientSide.replace('  ignoreDiff', '  destination: { namespace: shop }\n  ignoreDiff');
    expect(levels({ 'apps/web.yaml': inShop, 'web/service.yaml': service, 'cart/canary.yaml': canary })).toEqual([]);
    expect(levels({ 'apps/web.yaml': inShop, 'web/service.yaml': service, 'web/canary.yaml': canary })).toEqual([
      'warning',
    ]);
    expect(levels({ 'apps/web.yaml': inShop, 'cart/canary.yaml': canary })).toEqual(['warning']);
  });
});

describe('Replace=true', () => {
  const replacing = application.replace('ServerSideApply=true', 'ServerSideApply=true, Replace=true');

  test('is an error at its line where a Canary or an autoscaler is concerned', () => {
    for (const object of [canary, scaler]) {
      expect(onlyFinding(applicationOptions, replacing + object)).toMatchObject({
        level: 'error',
        field: 'spec.syncPolicy.syncOptions.1',
        message: expect.stringContaining('Replace=true replaces whole objects'),
      });
    }
  });

  test('passes where no other controller owns fields', () => {
    expect(findings(applicationOptions, replacing)).toEqual([]);
  });

  test('in the annotation of a Canary is an error', () => {
    const text = canary.replace('shop }', 'shop, annotations: { argocd.argoproj.io/sync-options: "Replace=true" } }');
    const found = onlyFinding(applicationOptions, text);
    expect(found.level).toBe('error');
    expect(lineOf(text, found.place.line)).toContain('Replace=true');
  });
});
