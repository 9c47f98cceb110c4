import { App, Chart } from 'cdk8s';
import { objectsBelow } from '../../../charts/kubernetes/manifest';
import { ValidatingAdmissionPolicy } from '../../../charts/kubernetes/validating-admission-policy';

test('is a policy that asks what it is told to, and a binding that denies', () => {
  const chart = new Chart(new App({ outdir: '' }), 'chart', { disableResourceNameHashes: true });
  const policy = new ValidatingAdmissionPolicy(chart, 'Policy', {
    metadata: { name: 'bowline-prod' },
    namespaces: { managed: 'yes' },
  });
  policy.judge('apps', 'deployments', 'statefulsets');
  policy.define('pod', 'object.spec.template.spec');
  policy.require('variables.pod.hostNetwork != true', "'nothing of the network of the node'");
  expect(objectsBelow(chart)).toEqual([
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: 'bowline-prod' },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: { matchLabels: { managed: 'yes' } },
          resourceRules: [
            {
              apiGroups: ['apps'],
              apiVersions: ['v1'],
              operations: ['CREATE', 'UPDATE'],
              resources: ['deployments', 'statefulsets'],
            },
          ],
        },
        variables: [{ name: 'pod', expression: 'object.spec.template.spec' }],
        validations: [
          {
            expression: 'variables.pod.hostNetwork != true',
            messageExpression: "'nothing of the network of the node'",
            reason: 'Forbidden',
          },
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: 'bowline-prod' },
      spec: { policyName: 'bowline-prod', validationActions: ['Deny'] },
    },
  ]);
});
