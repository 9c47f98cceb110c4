import { AppProject, anyKind } from '../../../charts/argocd/app-project';
import { synthesizeObject } from '../synthesize-object';

const project = (configure: (project: AppProject) => void) =>
  synthesizeObject((scope) =>
    configure(
      new AppProject(scope, 'Project', {
        metadata: { name: 'prod-storefront', namespace: 'argocd' },
        description: 'Services of storefront',
        repositories: ['https://git.example.com/ledger.git'],
      }),
    ),
  ).spec;

test('allows no kinds and no destinations at first', () => {
  expect(project(() => {})).toMatchObject({
    sourceRepos: ['https://git.example.com/ledger.git'],
    destinations: [],
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: [],
  });
});

test('allows namespaced kinds and destinations', () => {
  const deployments = { group: 'apps', kind: 'Deployment' };
  const shop = { server: 'https://kubernetes.default.svc', namespace: 'shop' };
  expect(
    project((each) => {
      each.allowKinds(deployments);
      each.allowDestinations(shop);
    }),
  ).toMatchObject({
    destinations: [shop],
    clusterResourceWhitelist: [],
    namespaceResourceWhitelist: [deployments],
  });
});

test('allows cluster-scoped kinds only explicitly', () => {
  expect(project((each) => each.allowClusterKinds(anyKind))).toMatchObject({
    clusterResourceWhitelist: [{ group: '*', kind: '*' }],
    namespaceResourceWhitelist: [],
  });
});
