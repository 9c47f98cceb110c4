import { placeOf } from '../../../lib/gate/readers/configuration-place';
import { deployment } from '../report-fixtures';

test.each([
  ['Dockerfile', { package: 'Dockerfile' }],
  [deployment, { package: 'deployment.yaml', environment: 'dev' }],
  ['apps/prod/hello.yaml', { package: 'apps/hello.yaml', environment: 'prod' }],
  ['platform/prod/namespaces.yaml', { package: 'platform/namespaces.yaml', environment: 'prod' }],
  ['manifests/dev/hello/sub/job.yaml', { package: 'job.yaml', environment: 'dev' }],
  ['platform/prod/rollouts/analysis.yaml', { package: 'platform/analysis.yaml', environment: 'prod' }],
  ['charts/prod/hello.yaml', { package: 'charts/prod/hello.yaml' }],
  ['manifests/dev', { package: 'manifests/dev' }],
  ['apps', { package: 'apps' }],
  ['', { package: '' }],
])('the place of %s is %j', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
