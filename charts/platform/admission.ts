import type { Construct } from 'constructs';
import type { ServiceInEnvironment } from '../../lib/catalog';
import type { EnvironmentFile } from '../../lib/ledger';
import { SyncWave } from '../argocd/sync-wave';
import { ValidatingAdmissionPolicy } from '../kubernetes/validating-admission-policy';
import { managedLabels } from './namespaces';

/**
 * Admits only pods with images of the environment's services by digest, without root, without privileges, and with memory limits, in the
 * namespaces that Bowline manages. Nothing else in the registry is admitted: neither images of pull requests, nor caches, nor the toolbox. It
 * applies to workloads as well as to pods, so that Argo CD reports a rejected release when it syncs, rather than Flagger after its deadline.
 * Ephemeral containers (`kubectl debug`) must meet the same requirements, except for the memory limit, which Kubernetes does not allow on them.
 *
 * What runs already is judged only when it changes: after a change of the registry or of a requirement, Flagger and the Deployment controller can
 * still scale what was admitted before, and finalizers can be removed.
 */
export function admission(
  scope: Construct,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): ValidatingAdmissionPolicy {
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
  policy.addCondition('changed', `oldObject == null || ${podSpec('object')} != ${podSpec('oldObject')}`);
  policy.addCondition('not-being-deleted', '!has(object.metadata.deletionTimestamp)');
  policy.addVariable('pod', podSpec('object'));
  policy.addVariable('lasting', `variables.pod.containers + ${optionalList('initContainers')}`);
  policy.addVariable('containers', `variables.lasting + ${optionalList('ephemeralContainers')}`);
  policy.addVariable(
    'images',
    `variables.containers.map(c, has(c.image) ? c.image : '') + ${optionalList('volumes')}.filter(v, has(v.image)).map(v, has(v.image.reference) ? v.image.reference : '')`,
  );
  policy.addVariable('services', celList(services.map(({ name }) => name)));
  const isTrusted = trustedImage(environment);
  policy.addVariable(
    'nonRoot',
    'has(variables.pod.securityContext) && has(variables.pod.securityContext.runAsNonRoot) && variables.pod.securityContext.runAsNonRoot',
  );
  policy.addRequirement(
    `variables.images.all(image, ${isTrusted})`,
    `'images must be those of a service of ${environment.name} in ${environment.registry}, and be referenced by digest, got: ' + variables.images.filter(image, !(${isTrusted})).join(', ')`,
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

/** CEL: the pod of an object, or of its template. */
function podSpec(object: 'object' | 'oldObject'): string {
  return `(${object}.kind == 'Pod' ? ${object}.spec : ${object}.spec.template.spec)`;
}

/**
 * CEL: whether `image` is a digest in the repository of a service. A pattern checks the form, so that the list of services needs only their names.
 * Ledgers of earlier versions do not say below which path the repositories are: there, it is any path of one element.
 */
function trustedImage({ registry, repositories }: EnvironmentFile): string {
  const path = repositories === undefined ? '[^/@:]+' : escapePattern(repositories);
  const place = registry.split('/').length + 1;
  return `image.matches('^${escapePattern(registry)}/${path}/[^/@:]+@sha256:[0-9a-f]{64}$') && image.split('@')[0].split('/')[${place}] in variables.services`;
}

function escapePattern(text: string): string {
  return text.replaceAll('.', '[.]');
}

function celList(names: readonly string[]): string {
  return `[${[...new Set(names)]
    .sort()
    .map((name) => `'${name}'`)
    .join(', ')}]`;
}

/** CEL: a list of the pod, empty if the pod does not have it. */
function optionalList(list: 'initContainers' | 'ephemeralContainers' | 'volumes'): string {
  return `(has(variables.pod.${list}) ? variables.pod.${list} : [])`;
}

/** CEL: the names of the containers in a list that meet a condition. */
function containerNames(list: 'lasting' | 'containers', condition: string): string {
  return `variables.${list}.filter(c, ${condition}).map(c, c.name).join(', ')`;
}
