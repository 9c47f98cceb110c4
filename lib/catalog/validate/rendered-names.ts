import { fillTemplate } from '../name-template';
import type { CheckedFile } from '../parse/check-file';
import type { Path } from '../parse/field-path';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { CatalogProblem } from '../parse/problem';
import type { Platform } from '../schema/platform';
import { type Finding, toProblems } from './finding';
import type { CheckedService } from './service-names';

/** A service in an environment, as far as the files are valid. */
interface Placement {
  readonly checked: CheckedService['checked'];
  readonly service: string;
  readonly environment: string;
  readonly environmentIndex: number;
  readonly namespace: string;
  readonly hostname: string;
  /** Names of Secrets by the field with their template. */
  readonly secrets: readonly { readonly path: Path; readonly name: string | undefined }[];
}

/** Suffixes of the Deployment and the Services that Flagger creates for a service (pkg/canary, pkg/router/kubernetes_default.go). */
const flaggerSuffixes = ['-primary', '-canary'] as const;

const label = /^[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?$/;

/** Finds templates of platform.yaml that give a service a name which Kubernetes rejects, or the name of another service. */
export function findRenderedNameProblems(
  platform: CheckedFile<Platform>,
  services: readonly CheckedService[],
): readonly CatalogProblem[] {
  const placements = listPlacements(platform.partial ?? {}, services);
  return [
    ...toProblems(platform, [
      ...findInvalidNamespaces(placements),
      ...findInvalidHostname(placements),
      ...findInvalidSecrets(placements),
      ...findSharedHostname(placements),
    ]),
    ...findFlaggerNames(placements),
  ];
}

function listPlacements(
  { environments = [], delivery }: PartiallyParsed<Platform>,
  services: readonly CheckedService[],
): readonly Placement[] {
  const prometheus = delivery?.prometheus;
  return environments.flatMap((environment, environmentIndex) =>
    services.flatMap(({ checked }): readonly Placement[] => {
      const { name, team } = checked.partial ?? {};
      if (name === undefined || team === undefined || environment?.name === undefined) {
        return [];
      }
      const fill = (template: string | undefined) =>
        template === undefined
          ? undefined
          : fillTemplate(template, { service: name, team, environment: environment.name as string });
      const namespace = fill(environment.namespace);
      const hostname = fill(delivery?.hostname);
      return namespace === undefined || hostname === undefined
        ? []
        : [
            {
              checked,
              service: name,
              environment: environment.name,
              environmentIndex,
              namespace,
              hostname,
              secrets: [
                { path: ['delivery', 'chat', 'secret'], name: fill(delivery?.chat?.secret) },
                {
                  path: ['delivery', 'prometheus', 'secret'],
                  name: typeof prometheus === 'object' ? fill(prometheus.secret) : undefined,
                },
              ],
            },
          ];
    }),
  );
}

/** At most one finding per environment: the template is the cause, whatever the number of services. */
function findInvalidNamespaces(placements: readonly Placement[]): readonly Finding[] {
  return distinctBy(
    placements.filter(({ namespace }) => !label.test(namespace)),
    ({ environment }) => environment,
  ).map(({ environmentIndex, service, namespace }) => ({
    code: 'invalid-namespace',
    path: ['environments', environmentIndex, 'namespace'],
    expected: `a template whose result is at most 63 letters, digits and "-", with a letter or a digit at both ends: for ${service} it is ${describeName(namespace)}`,
  }));
}

function findInvalidHostname(placements: readonly Placement[]): readonly Finding[] {
  return placements
    .filter(({ hostname }) => hostname.length > 253 || !hostname.split('.').every((part) => label.test(part)))
    .slice(0, 1)
    .map(({ service, environment, hostname }) => ({
      code: 'invalid-hostname',
      path: ['delivery', 'hostname'],
      expected: `a template whose result is a host name, with at most 63 letters, digits and "-" between dots: for ${service} in ${environment} it is ${describeName(hostname)}`,
    }));
}

/** At most one finding per field: the template is the cause. */
function findInvalidSecrets(placements: readonly Placement[]): readonly Finding[] {
  const invalid = placements.flatMap(({ secrets, service, environment }) =>
    secrets.flatMap(({ path, name }) =>
      name === undefined || (name.length <= 253 && /^[a-z0-9](?:[-a-z0-9]*[a-z0-9])?$/.test(name))
        ? []
        : [{ path, name, service, environment }],
    ),
  );
  return distinctBy(invalid, ({ path }) => path.join('.')).map(({ path, name, service, environment }) => ({
    code: 'invalid-secret-name',
    path,
    expected: `a template whose result is the name of a Secret, with a letter or a digit at both ends: for ${service} in ${environment} it is ${describeName(name)}`,
  }));
}

/** The Gateway would send the requests of one service to the other. */
function findSharedHostname(placements: readonly Placement[]): readonly Finding[] {
  for (const [index, { service, environment, hostname }] of placements.entries()) {
    const first = placements
      .slice(0, index)
      .find((other) => other.hostname === hostname && other.environment === environment && other.service !== service);
    if (first !== undefined) {
      return [
        {
          code: 'shared-hostname',
          path: ['delivery', 'hostname'],
          expected: `a template with {service}: ${first.service} and ${service} in ${environment} both get ${hostname}, and the Gateway would mix up their requests`,
        },
      ];
    }
  }
  return [];
}

/** Finds services whose objects Flagger would overwrite. */
function findFlaggerNames(placements: readonly Placement[]): readonly CatalogProblem[] {
  const bySpot = new Map(placements.map((placement) => [spotOf(placement, placement.service), placement]));
  return distinctBy(
    placements.flatMap((placement) =>
      flaggerSuffixes.flatMap((suffix) => {
        const taken = bySpot.get(spotOf(placement, `${placement.service}${suffix}`));
        return taken === undefined ? [] : [{ taken, owner: placement.service }];
      }),
    ),
    ({ taken }) => taken.service,
  ).flatMap(({ taken, owner }) =>
    toProblems(taken.checked, [
      {
        code: 'name-of-flagger',
        path: ['name'],
        expected: `another name: Flagger creates objects of the name ${taken.service} for ${owner}, in the same namespace (${taken.namespace} in ${taken.environment})`,
      },
    ]),
  );
}

function spotOf({ environment, namespace }: Placement, name: string): string {
  return JSON.stringify([environment, namespace, name]);
}

function describeName(name: string): string {
  return `${JSON.stringify(name)} (${name.length} characters)`;
}

function distinctBy<T>(items: readonly T[], key: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [key(item), item] as const).reverse()).values()].reverse();
}
