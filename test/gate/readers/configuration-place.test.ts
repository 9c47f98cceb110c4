import { placeOf } from '../../../lib/gate/readers/configuration-place';
import { deployment } from '../report-fixtures';

test.each([
  ['Dockerfile', { package: 'Dockerfile' }],
  [deployment, { package: 'deployment.yaml', environment: 'dev' }],
  ['apps/prod/hello.yaml', { package: 'apps/hello.yaml', environment: 'prod' }],
  ['platform/prod/namespaces.yaml', { package: 'platform/namespaces.yaml', environment: 'prod' }],
])('the place of %s is %j', (path, place) => {
  expect(placeOf(path)).toEqual(place);
});
