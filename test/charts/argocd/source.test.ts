import { type HelmSource, Source } from '../../../charts/argocd/source';

const git = { repository: 'https://git.example.com/ledger.git', branch: 'main', path: 'platform/prod' };
const helm: HelmSource = {
  repository: 'https://flagger.app',
  chart: 'flagger',
  version: '1.44.0',
  release: 'flagger',
  values: { crd: { create: true } },
};

test('refreshes only for commits that change the folder', () => {
  const source = Source.git(git);
  expect(source.spec).toEqual({ repoURL: git.repository, targetRevision: 'refs/heads/main', path: 'platform/prod' });
  expect(source.annotations).toEqual({ 'argocd.argoproj.io/manifest-generate-paths': '/platform/prod' });
});

test.each([
  [{ only: ['a.yaml', 'b.yaml'] }, { include: '{a.yaml,b.yaml}' }],
  [{ allBut: ['a.yaml'] }, { exclude: '{a.yaml}' }],
])('can be limited to some files of a folder: %j', (files, directory) => {
  expect(Source.git({ ...git, files }).spec).toMatchObject({ directory });
});

test('installs a chart at one version, as one release', () => {
  expect(Source.helm(helm).spec).toEqual({
    repoURL: 'https://flagger.app',
    chart: 'flagger',
    targetRevision: '1.44.0',
    helm: { releaseName: 'flagger', valuesObject: { crd: { create: true } } },
  });
});

test.each(['1.44.0', 'v1.44.0', '1.44.0-rc.1', '77.12.0+build.1'])('accepts the exact version %s', (version) => {
  expect(Source.helm({ ...helm, version }).spec).toMatchObject({ targetRevision: version });
});

test.each(['', '1', '1.44', '^1.44.0', '1.x', '1.44.*', '>=1.44.0', 'latest'])(
  'rejects %j, which is not an exact version',
  (version) => {
    expect(() => Source.helm({ ...helm, version })).toThrow(`'version' must be exact`);
  },
);
