import { AppProject, anyKind } from '../../../charts/argocd/app-project';
import { written } from '../synthesize-object';

const project = (allow: (project: AppProject) => void) =>
  written((scope) =>
    allow(
      new AppProject(scope, 'Project', {
        metadata: { name: 'prod-storefront', namespace: 'argocd' },
        description: 'Services of storefront',
        repositories: ['https://git.example.com/ledger.git'],
      }),
    ),
  ).spec;

test('may bring nothing anywhere that nobody has allowed', () => {
  expect(project(() => {})).toMatchObject({
    sourceRepos: ['https://git.example.com/ledger.git'],
    destinations: [],
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: [],
  });
});

test('may bring the kinds that it is allowed, and to where', () => {
  const deployments = { group: 'apps', kind: 'Deployment' };
  const shop = { server: 'https://kubernetes.default.svc', namespace: 'shop' };
  expect(
    project((each) => {
      each.allow(deployments);
      each.deployTo(shop);
    }),
  ).toMatchObject({
    destinations: [shop],
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: [deployments],
  });
});

test('brings what is of the whole cluster only when that is said', () => {
  expect(project((each) => each.allowClusterWide(anyKind))).toMatchObject({
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    namespaceResourceWhitelist: [],
  });
});
