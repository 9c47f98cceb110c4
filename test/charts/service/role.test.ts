import type { ServiceInEnvironment } from '../../../lib/catalog';
import { releaseOf, serviceOf } from '../../ledger/fixtures';
import { type RenderedObject, renderServiceObjects } from '../render-catalog';

const role = 'arn:aws:iam::111111111111:role/orders';
const objectOf = (kind: string, changes: Partial<ServiceInEnvironment>) =>
  renderServiceObjects(serviceOf('hello', 'prod', changes), releaseOf('hello', 'prod', 'one')).find(
    (object) => object.kind === kind,
  ) as RenderedObject;
const egressOf = (changes: Partial<ServiceInEnvironment>) => objectOf('NetworkPolicy', changes).spec.egress;

test('a role is an annotation of the service account, for the webhook of EKS', () => {
  expect(objectOf('ServiceAccount', { role }).metadata.annotations).toMatchObject({
    'eks.amazonaws.com/role-arn': role,
  });
  expect(objectOf('ServiceAccount', {}).metadata.annotations).not.toHaveProperty('eks.amazonaws.com/role-arn');
});

test('pods get no token of the API server, with a role either', () => {
  expect(objectOf('Deployment', { role }).spec.template.spec.automountServiceAccountToken).toBe(false);
});

test('a change of the role changes the pod template, so that it is rolled out as a canary', () => {
  expect(objectOf('Deployment', { role }).spec.template.metadata.annotations).toEqual({ 'bowline.dev/role': role });
  expect(objectOf('Deployment', {}).spec.template.metadata).not.toHaveProperty('annotations');
});

test('a role opens HTTPS to AWS and the way to the agent of EKS Pod Identity', () => {
  const added = egressOf({ role }).slice(egressOf({}).length);
  expect(added).toEqual([
    { ports: [{ protocol: 'TCP', port: 443 }] },
    { ports: [{ protocol: 'TCP', port: 80 }], to: [{ ipBlock: { cidr: '169.254.170.23/32' } }] },
  ]);
});
