import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { argocd } from '../kubernetes/manifest';
import { ValidatingAdmissionPolicy } from '../kubernetes/validating-admission-policy';
import { managed } from './namespaces';

/**
 * What runs in our namespaces: images by digest out of the platform's registry, without root, without privilege, with a memory limit.
 * Deployments are asked as well as pods: a release that may not run fails at Argo CD's sync, in sight, and not after Flagger's deadline.
 */
export function admission(scope: Construct, environment: EnvironmentFile): ValidatingAdmissionPolicy {
  const trusted = `^${environment.registry.replaceAll('.', '[.]')}/.+@sha256:[0-9a-f]{64}$`;
  const names = (which: string) => `variables.containers.filter(c, ${which}).map(c, c.name).join(', ')`;
  return new ValidatingAdmissionPolicy(scope, 'Admission', {
    name: `bowline-${environment.name}`,
    labels: managed,
    annotations: argocd.wave(-4),
    namespaceLabels: managed,
    rules: [
      { group: '', resources: ['pods'] },
      { group: 'apps', resources: ['deployments', 'statefulsets', 'daemonsets', 'replicasets'] },
      { group: 'batch', resources: ['jobs'] },
    ],
    variables: {
      pod: "object.kind == 'Pod' ? object.spec : object.spec.template.spec",
      containers: 'variables.pod.containers + (has(variables.pod.initContainers) ? variables.pod.initContainers : [])',
      nonRoot:
        'has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && variables.pod.securityContext.runAsNonRoot',
    },
    validations: [
      {
        expression: `variables.containers.all(c, c.image.matches('${trusted}'))`,
        messageExpression: `'images come from ${environment.registry}, by digest; this does not: ' + variables.containers.filter(c, !c.image.matches('${trusted}')).map(c, c.image).join(', ')`,
      },
      {
        expression:
          'variables.containers.all(c, (variables.nonRoot || (has(c.securityContext) && has(c.securityContext.runAsNonRoot) && c.securityContext.runAsNonRoot)) && !(has(c.securityContext) && has(c.securityContext.runAsUser) && c.securityContext.runAsUser == 0)) && !(has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsUser) && variables.pod.securityContext.runAsUser == 0)',
        messageExpression: `'containers run without root (runAsNonRoot: true, and no runAsUser: 0); look at: ' + ${names('true')}`,
      },
      {
        expression:
          'variables.containers.all(c, !(has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged)) && !(has(variables.pod.hostNetwork) && variables.pod.hostNetwork) && !(has(variables.pod.hostPID) && variables.pod.hostPID) && !(has(variables.pod.hostIPC) && variables.pod.hostIPC) && !(has(variables.pod.volumes) && variables.pod.volumes.exists(v, has(v.hostPath)))',
        messageExpression:
          "'no privileged containers, and nothing of the node: not its network, processes, or files (hostPath)'",
      },
      {
        expression:
          "variables.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)",
        messageExpression: `'every container has a memory limit (resources.limits.memory); these have none: ' + ${names("!(has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)")}`,
      },
    ],
  });
}
