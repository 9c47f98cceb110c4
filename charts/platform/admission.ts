import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { SyncWave } from '../argocd/sync-wave';
import { ValidatingAdmissionPolicy } from '../kubernetes/validating-admission-policy';
import { managed } from './namespaces';

/**
 * What runs in our namespaces: images by digest out of the platform's registry, without root, without privilege, with a memory limit.
 * Deployments are asked as well as pods: a release that may not run fails at Argo CD's sync, in sight, and not after Flagger's deadline.
 * Containers that somebody adds to a running pod (`kubectl debug`) are asked like all others; a memory limit they can not have.
 */
export function admission(scope: Construct, environment: EnvironmentFile): ValidatingAdmissionPolicy {
  const trusted = `^${environment.registry.replaceAll('.', '[.]')}/.+@sha256:[0-9a-f]{64}$`;
  const named = (list: string, which: string) => `variables.${list}.filter(c, ${which}).map(c, c.name).join(', ')`;
  const optional = (list: string) => `(has(variables.pod.${list}) ? variables.pod.${list} : [])`;
  const policy = new ValidatingAdmissionPolicy(scope, 'Admission', {
    metadata: {
      name: `bowline-${environment.name}`,
      labels: managed,
      annotations: SyncWave.foundations.annotations,
    },
    namespaces: managed,
  });
  policy.judge('', 'pods', 'pods/ephemeralcontainers');
  policy.judge('apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets');
  policy.judge('batch', 'jobs');
  policy.define('pod', "object.kind == 'Pod' ? object.spec : object.spec.template.spec");
  policy.define('lasting', `variables.pod.containers + ${optional('initContainers')}`);
  policy.define('containers', `variables.lasting + ${optional('ephemeralContainers')}`);
  policy.define(
    'nonRoot',
    'has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && variables.pod.securityContext.runAsNonRoot',
  );
  policy.require(
    `variables.containers.all(c, c.image.matches('${trusted}'))`,
    `'images come from ${environment.registry}, by digest; this does not: ' + variables.containers.filter(c, !c.image.matches('${trusted}')).map(c, c.image).join(', ')`,
  );
  // What a container says of itself counts for it, and the pod's word only where it says nothing.
  const ownNonRoot =
    '(has(c.securityContext) && has(c.securityContext.runAsNonRoot) ? c.securityContext.runAsNonRoot : variables.nonRoot)';
  const rootUser = 'has(c.securityContext) && has(c.securityContext.runAsUser) && c.securityContext.runAsUser == 0';
  policy.require(
    `variables.containers.all(c, ${ownNonRoot} && !(${rootUser})) && !(has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsUser) && variables.pod.securityContext.runAsUser == 0)`,
    `'containers run without root (runAsNonRoot: true, and no runAsUser: 0, in the pod and in none of its containers); these do not: ' + ${named('containers', `!${ownNonRoot} || (${rootUser})`)}`,
  );
  policy.require(
    'variables.containers.all(c, !(has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged)) && !(has(variables.pod.hostNetwork) && variables.pod.hostNetwork) && !(has(variables.pod.hostPID) && variables.pod.hostPID) && !(has(variables.pod.hostIPC) && variables.pod.hostIPC) && !(has(variables.pod.volumes) && variables.pod.volumes.exists(v, has(v.hostPath)))',
    "'no privileged containers, and nothing of the node: not its network, processes, or files (hostPath)'",
  );
  const limited = "has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits";
  policy.require(
    `variables.lasting.all(c, ${limited})`,
    `'every container has a memory limit (resources.limits.memory); these have none: ' + ${named('lasting', `!(${limited})`)}`,
  );
  return policy;
}
