import type { Construct } from 'constructs';
import type { EnvironmentFile } from '../../lib/ledger';
import { SyncWave } from '../argocd/sync-wave';
import { ValidatingAdmissionPolicy } from '../kubernetes/validating-admission-policy';
import { managedLabels } from './namespaces';

/**
 * Admits only pods with images from the platform's registry by digest, without root, without privileges, and with memory limits, in the
 * namespaces that Bowline manages. It applies to workloads as well as to pods, so that Argo CD reports a rejected release when it syncs, rather
 * than Flagger after its deadline. Ephemeral containers (`kubectl debug`) must meet the same requirements, except for the memory limit, which
 * Kubernetes does not allow on them.
 */
export function admission(scope: Construct, environment: EnvironmentFile): ValidatingAdmissionPolicy {
  const trustedImage = `^${environment.registry.replaceAll('.', '[.]')}/.+@sha256:[0-9a-f]{64}$`;
  const policy = new ValidatingAdmissionPolicy(scope, 'Admission', {
    metadata: {
      name: `bowline-${environment.name}`,
      labels: managedLabels,
      annotations: SyncWave.foundations.annotations,
    },
    namespaces: managedLabels,
  });
  policy.matchResources('', 'pods', 'pods/ephemeralcontainers');
  policy.matchResources('apps', 'deployments', 'statefulsets', 'daemonsets', 'replicasets');
  policy.matchResources('batch', 'jobs');
  policy.addVariable('pod', "object.kind == 'Pod' ? object.spec : object.spec.template.spec");
  policy.addVariable('lasting', `variables.pod.containers + ${optionalContainers('initContainers')}`);
  policy.addVariable('containers', `variables.lasting + ${optionalContainers('ephemeralContainers')}`);
  policy.addVariable(
    'nonRoot',
    'has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && variables.pod.securityContext.runAsNonRoot',
  );
  policy.addRequirement(
    `variables.containers.all(c, c.image.matches('${trustedImage}'))`,
    `'images must come from ${environment.registry} and be referenced by digest, got: ' + variables.containers.filter(c, !c.image.matches('${trustedImage}')).map(c, c.image).join(', ')`,
  );
  // runAsNonRoot of a container takes precedence over that of its pod.
  const isNonRoot =
    '(has(c.securityContext) && has(c.securityContext.runAsNonRoot) ? c.securityContext.runAsNonRoot : variables.nonRoot)';
  const isRootUser = 'has(c.securityContext) && has(c.securityContext.runAsUser) && c.securityContext.runAsUser == 0';
  policy.addRequirement(
    `variables.containers.all(c, ${isNonRoot} && !(${isRootUser})) && !(has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsUser) && variables.pod.securityContext.runAsUser == 0)`,
    `'containers must not run as root: set runAsNonRoot: true, and runAsUser: 0 neither in the pod nor in a container. Containers to fix: ' + ${containerNames('containers', `!${isNonRoot} || (${isRootUser})`)}`,
  );
  policy.addRequirement(
    'variables.containers.all(c, !(has(c.securityContext) && has(c.securityContext.privileged) && c.securityContext.privileged)) && !(has(variables.pod.hostNetwork) && variables.pod.hostNetwork) && !(has(variables.pod.hostPID) && variables.pod.hostPID) && !(has(variables.pod.hostIPC) && variables.pod.hostIPC) && !(has(variables.pod.volumes) && variables.pod.volumes.exists(v, has(v.hostPath)))',
    "'containers must not be privileged, and pods must not use hostNetwork, hostPID, hostIPC or hostPath volumes'",
  );
  const hasMemoryLimit = "has(c.resources) && has(c.resources.limits) && 'memory' in c.resources.limits";
  policy.addRequirement(
    `variables.lasting.all(c, ${hasMemoryLimit})`,
    `'containers must set a memory limit (resources.limits.memory). Containers to fix: ' + ${containerNames('lasting', `!(${hasMemoryLimit})`)}`,
  );
  return policy;
}

/** CEL: a list of containers of the pod, empty if the pod does not have it. */
function optionalContainers(list: 'initContainers' | 'ephemeralContainers'): string {
  return `(has(variables.pod.${list}) ? variables.pod.${list} : [])`;
}

/** CEL: the names of the containers in a list that meet a condition. */
function containerNames(list: 'lasting' | 'containers', condition: string): string {
  return `variables.${list}.filter(c, ${condition}).map(c, c.name).join(', ')`;
}
