import { App, Chart } from 'cdk8s';
import { manifestsBelow } from '../../../charts/kubernetes/manifest';
import { ValidatingAdmissionPolicy } from '../../../charts/kubernetes/validating-admission-policy';

test('consists of a policy with its requirements and a binding that denies', () => {
  const chart = new Chart(new App({ outdir: '' }), 'chart', { disableResourceNameHashes: true });
  const policy = new ValidatingAdmissionPolicy(chart, 'Policy', {
    metadata: { name: 'bowline-prod' },
    namespaces: { managed: 'yes' },
  });
  policy.matchResources('apps', 'deployments', 'statefulsets');
  policy.addCondition('changed', 'object.spec != oldObject.spec');
  policy.addVariable('pod', 'object.spec.template.spec');
  policy.addRequirement('variables.pod.hostNetwork != true', "'pods must not use hostNetwork'");
  expect(manifestsBelow(chart)).toEqual([
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
        matchConditions: [{ name: 'changed', expression: 'object.spec != oldObject.spec' }],
        variables: [{ name: 'pod', expression: 'object.spec.template.spec' }],
        validations: [
          {
            expression: 'variables.pod.hostNetwork != true',
            messageExpression: "'pods must not use hostNetwork'",
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
