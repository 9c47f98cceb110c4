import { type HelmSource, Source } from '../../../charts/argocd/source';

const git = { repository: 'https://git.example.com/ledger.git', branch: 'main', path: 'platform/prod' };
const helm: HelmSource = {
  repository: 'https://flagger.app',
  chart: 'flagger',
  version: '1.44.0',
  release: 'flagger',
  values: { crd: { create: true } },
};

test('a folder of a branch is looked at again when it changes, and when nothing else does', () => {
  const source = Source.git(git);
  expect(source.spec).toEqual({ repoURL: git.repository, targetRevision: 'refs/heads/main', path: 'platform/prod' });
  expect(source.annotations).toEqual({ 'argocd.argoproj.io/manifest-generate-paths': '/platform/prod' });
});

test.each([
  [{ only: ['a.yaml', 'b.yaml'] }, { include: '{a.yaml,b.yaml}' }],
  [{ allBut: ['a.yaml'] }, { exclude: '{a.yaml}' }],
])('may be some files of a folder: %j', (files, directory) => {
  expect(Source.git({ ...git, files }).spec).toMatchObject({ directory });
});

test('a chart comes at one version, under one release', () => {
  expect(Source.helm(helm).spec).toEqual({
    repoURL: 'https://flagger.app',
    chart: 'flagger',
    targetRevision: '1.44.0',
    helm: { releaseName: 'flagger', valuesObject: { crd: { create: true } } },
  });
});

test.each(['1.44.0', 'v1.44.0', '1.44.0-rc.1', '77.12.0+build.1'])('%s is one version', (version) => {
  expect(Source.helm({ ...helm, version }).spec).toMatchObject({ targetRevision: version });
});

test.each(['', '1', '1.44', '^1.44.0', '1.x', '1.44.*', '>=1.44.0', 'latest'])('%j is none, or a range', (version) => {
  expect(() => Source.helm({ ...helm, version })).toThrow(`'version' (${version}) must be exact`);
});
