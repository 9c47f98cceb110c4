import { defaultScrapers, namespaceOfUrl } from '../cluster-url';
import { fillTemplate } from '../name-template';
import type { CheckedFile } from '../parse/check-file';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { CatalogProblem } from '../parse/problem';
import { addOnNamespaces } from '../schema/delivery';
import type { Platform } from '../schema/platform';
import { toProblems } from './finding';
import type { CheckedService } from './service-names';

/** Namespaces of Kubernetes itself. It reserves the prefix `kube-` (https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/). */
const kubernetesNamespace = /^(?:kube-.*|default)$/;

/**
 * Finds services in a namespace of the cluster or of the platform. Bowline would restrict its pods and hand it to the team, whose network policies
 * and Secrets it would then share.
 */
export function findPlatformNamespaces(
  platform: CheckedFile<Platform>,
  services: readonly CheckedService[],
): readonly CatalogProblem[] {
  const { environments = [], delivery } = platform.partial ?? {};
  const owners = listOwners(delivery);
  const reported = new Set<string>();
  return environments.flatMap((environment, index) =>
    services.flatMap(({ checked }) => {
      const { name: service, team } = checked.partial ?? {};
      const template = environment?.namespace;
      if (service === undefined || team === undefined || environment?.name === undefined || template === undefined) {
        return [];
      }
      const namespace = fillTemplate(template, { service, team, environment: environment.name });
      const owner = kubernetesNamespace.test(namespace) ? 'Kubernetes' : owners.get(namespace);
      const field = template.includes('{service}') ? 'name' : template.includes('{team}') ? 'team' : undefined;
      const place = field === undefined ? `platform ${index}` : `${checked.file} ${field}`;
      if (owner === undefined || reported.has(place)) {
        return [];
      }
      reported.add(place);
      const reason = `the namespace of ${service} in ${environment.name} would be ${namespace}, which belongs to ${owner}`;
      return field === undefined
        ? toProblems(platform, [
            {
              code: 'platform-namespace',
              path: ['environments', index, 'namespace'],
              expected: `another namespace, such as {team}-{service}: ${reason}`,
            },
          ])
        : toProblems(checked, [
            {
              code: 'platform-namespace',
              path: [field],
              expected: `another name, or another template than ${template} in ${platform.file} environments.${index}.namespace, such as apps-${template}: ${reason}`,
            },
          ]);
    }),
  );
}

/** What each namespace of the platform belongs to. */
function listOwners(delivery: PartiallyParsed<Platform>['delivery']): ReadonlyMap<string, string> {
  const {
    gateway,
    argocdNamespace,
    prometheus,
    tracing,
    loadTester,
    agent,
    addOns = [],
    scrapers,
    dns,
  } = delivery ?? {};
  const prometheusUrl = typeof prometheus === 'string' ? prometheus : prometheus?.url;
  const owners: (readonly [string | undefined, string])[] = [
    [argocdNamespace, 'Argo CD (delivery.argocdNamespace)'],
    [gateway?.namespace, 'the Gateway (delivery.gateway.namespace)'],
    ...namespacesOf(gateway?.from).map((name) => [name, 'the Gateway (delivery.gateway.from)'] as const),
    [addOnNamespaces.flagger, 'Flagger'],
    ...namespacesOf(prometheusUrl === undefined ? [] : defaultScrapers(prometheusUrl)).map(
      (name) => [name, 'Prometheus (delivery.prometheus)'] as const,
    ),
    ...namespacesOf(scrapers).map((name) => [name, 'Prometheus (delivery.scrapers)'] as const),
    [tracing === undefined ? undefined : namespaceOfUrl(tracing), 'tracing (delivery.tracing)'],
    [loadTester === undefined ? undefined : namespaceOfUrl(loadTester), 'the load tester (delivery.loadTester)'],
    [agent === undefined ? undefined : namespaceOfUrl(agent), 'the agent (delivery.agent)'],
    ...namespacesOf(dns).map((name) => [name, 'the name servers (delivery.dns)'] as const),
    ...addOns.map((addOn) => [addOn && addOnNamespaces[addOn], `the add-on ${addOn} (delivery.addOns)`] as const),
  ];
  return new Map(owners.flatMap(([name, owner]) => (name === undefined ? [] : [[name, owner] as const])).reverse());
}

function namespacesOf(peers: readonly (object | undefined)[] = []): readonly string[] {
  return peers.flatMap((peer) =>
    peer !== undefined && 'namespace' in peer && typeof peer.namespace === 'string' ? [peer.namespace] : [],
  );
}
