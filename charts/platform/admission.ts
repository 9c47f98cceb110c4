import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { SyncWave } from '../argocd/sync-wave';
import { ValidatingAdmissionPolicy } from '../kubernetes/validating-admission-policy';
import { managed } from './namespaces';

/**
 * What runs in our namespaces: images by digest out of the platform's registry, without root, without privilege, with a memory limit.
 * Deployments are asked as well as pods: a release that may not run fails at Argo CD's sync, in sight, and not after Flagger's deadline.
 */
export function admission(scope: Construct, environment: EnvironmentFile): ValidatingAdmissionPolicy {
  const trusted = `^${environment.registry.replaceAll('.', '[.]')}/.+@sha256:[0-9a-f]{64}$`;
  const names = (which: string) => `variables.containers.filter(c, ${which}).map(c, c.name).join(', ')`;
  const policy = new ValidatingAdmissionPolicy(scope, 'Admission', {
    metadata: {
      name: `bowline-${environment.name}`,
      labels: managed,
      annotations: SyncWave.foundations.annotations,
    },
    namespaces: managed,
  });
  policy.judge('', 'pods');
  policy.judge('apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets');
  policy.judge('batch', 'jobs');
  policy.define('pod', "object.kind == 'Pod' ? object.spec : object.spec.template.spec");
  policy.define(
    'containers',
    'variables.pod.containers + (has(variables.pod.initContainers) ? variables.pod.initContainers : [])',
  );
  policy.define(
    'nonRoot',
    'has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && variables.pod.securityContext.runAsNonRoot',
  );
  policy.require(
    `variables.containers.all(c, c.image.matches('${trusted}'))`,
    `'images come from ${environment.registry}, by digest; this does not: ' + variables.containers.filter(c, !c.image.matches('${trusted}')).map(c, c.image).join(', ')`,
  );
  policy.require(
    'variables.containers.all(c, (variables.nonRoot || (has(c.securityContext) && has(c.securityContext.runAsNonRoot) && c.securityContext.runAsNonRoot)) && !(has(c.securityContext) && has(c.securityContext.runAsUser) && c.securityContext.runAsUser == 0)) && !(has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsUser) && variables.pod.securityContext.runAsUser == 0)',
    `'containers run without root (runAsNonRoot: true, and no runAsUser: 0); look at: ' + ${names('true')}`,
  );
  policy.require(
    'variables.containers.all(c, !(has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged)) && !(has(variables.pod.hostNetwork) && variables.pod.hostNetwork) && !(has(variables.pod.hostPID) && variables.pod.hostPID) && !(has(variables.pod.hostIPC) && variables.pod.hostIPC) && !(has(variables.pod.volumes) && variables.pod.volumes.exists(v, has(v.hostPath)))',
    "'no privileged containers, and nothing of the node: not its network, processes, or files (hostPath)'",
  );
  policy.require(
    "variables.containers.all(c, has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)",
    `'every container has a memory limit (resources.limits.memory); these have none: ' + ${names("!(has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits)")}`,
  );
  return policy;
}
