import { InputError } from '../process/input-error';
import { readAcceptedRisks } from './accepted-risks';
import type { AcceptedRisk } from './accepted-risks-schema';
import { validateDocument } from './document';
import { nearMiss } from './near-miss';
import { type Environment, type Platform, platformSchema } from './platform-schema';
import { CatalogError, type CatalogProblem } from './problem';
import { type ServiceInEnvironment, serviceInEnvironment } from './service-in-environment';
import { type Service, serviceSchema } from './service-schema';
import { sourceProblems } from './source-problems';

/** A platform and its services, valid as a whole. */
export interface Catalog {
  readonly platform: Platform;
  /** In order of name. */
  readonly services: readonly Service[];
  /** Findings that are known and taken for a time. Default: none. */
  readonly acceptedRisks?: readonly AcceptedRisk[];
}

/** The text of one catalog file and the name that errors give it. */
export interface CatalogFile {
  readonly file: string;
  readonly text: string;
}

/** Everything that can be said about the files at once: the catalog if it is right, else every problem in order of place. */
export type CatalogResult =
  | { readonly ok: true; readonly catalog: Catalog }
  | { readonly ok: false; readonly problems: readonly CatalogProblem[] };

/**
 * Reads a catalog from the texts of its files. Pure.
 * @param risksFile accepted-risks.yaml, where there is one
 */
export function parseCatalog(
  platformFile: CatalogFile,
  serviceFiles: readonly CatalogFile[],
  risksFile?: CatalogFile,
): CatalogResult {
  const platform = validateDocument(platformFile.file, platformFile.text, platformSchema);
  const services = serviceFiles.map((file) => ({ file, ...validateDocument(file.file, file.text, serviceSchema) }));
  const names = services.every(({ value }) => value !== undefined)
    ? services.flatMap(({ value }) => (value ? [value.name] : []))
    : undefined;
  const accepted = readAcceptedRisks(risksFile, names);
  const problems = [
    ...platform.problems,
    ...(platform.value ? platformProblems(platform.value, platform.document.problemAt) : []),
    ...services.flatMap((service) => service.problems),
    ...services.flatMap((service) =>
      service.value ? serviceProblems(service.value, platform.value, service.document.problemAt) : [],
    ),
    ...duplicateNames(services),
    ...unknownPeers(services),
    ...accepted.problems,
  ];
  if (problems.length > 0 || !platform.value) {
    return { ok: false, problems: inOrder(problems) };
  }
  const valid = services.flatMap(({ value }) => (value ? [value] : []));
  return {
    ok: true,
    catalog: {
      platform: platform.value,
      services: valid.sort((a, b) => (a.name < b.name ? -1 : 1)),
      acceptedRisks: accepted.risks,
    },
  };
}

/** As {@link parseCatalog}. @throws CatalogError with all problems. */
export function requireCatalog(
  platformFile: CatalogFile,
  serviceFiles: readonly CatalogFile[],
  risksFile?: CatalogFile,
): Catalog {
  const result = parseCatalog(platformFile, serviceFiles, risksFile);
  if (!result.ok) {
    throw new CatalogError(result.problems);
  }
  return result.catalog;
}

/** The service of that name. @throws InputError that names the nearest one. */
export function serviceNamed(catalog: Catalog, name: string): Service {
  const service = catalog.services.find((candidate) => candidate.name === name);
  if (!service) {
    throw new InputError(
      unknown(
        'service',
        name,
        catalog.services.map((candidate) => candidate.name),
      ),
    );
  }
  return service;
}

/** The environment of that name. @throws InputError that names the nearest one. */
export function environmentNamed(platform: Platform, name: string): Environment {
  const environment = platform.environments.find((candidate) => candidate.name === name);
  if (!environment) {
    throw new InputError(
      unknown(
        'environment',
        name,
        platform.environments.map((candidate) => candidate.name),
      ),
    );
  }
  return environment;
}

/** Every service in every environment, in the catalog's order of environments and services. */
export function servicesInEnvironments(catalog: Catalog): readonly ServiceInEnvironment[] {
  const teams = new Map(catalog.services.map(({ name, team }) => [name, team]));
  return catalog.platform.environments.flatMap((environment) =>
    catalog.services.map((service) => serviceInEnvironment(catalog.platform, service, environment, teams)),
  );
}

function unknown(kind: string, name: string, known: readonly string[]): string {
  const near = nearMiss(name, known);
  return `there is no ${kind} ${JSON.stringify(name)} in the catalog${near === undefined ? '' : `; did you mean ${near}?`} (known: ${known.join(', ') || 'none'})`;
}

type At = (
  path: readonly PropertyKey[],
  problem: Pick<CatalogProblem, 'code' | 'expected' | 'found' | 'nearMiss'>,
) => CatalogProblem;

function platformProblems(platform: Platform, at: At): readonly CatalogProblem[] {
  const seen = new Set<string>();
  const classes = [...new Set(platform.environments.map((environment) => environment.class))];
  const strangers = Object.keys(platform.signingKeys)
    .filter((name) => !classes.includes(name))
    .map((name) => {
      const near = nearMiss(name, classes);
      return at(['signingKeys', name], {
        code: 'unknown-class',
        found: JSON.stringify(name),
        expected: `a class of an environment (${classes.join(', ')})`,
        ...(near === undefined ? {} : { nearMiss: near }),
      });
    });
  const twice = platform.environments.flatMap((environment, index) => {
    const again = seen.has(environment.name);
    seen.add(environment.name);
    return again
      ? [
          at(['environments', index, 'name'], {
            code: 'duplicate-environment',
            found: JSON.stringify(environment.name),
            expected: 'every environment once',
          }),
        ]
      : [];
  });
  const { write, credential } = platform.ledger;
  const unopened =
    write === 'pull-request' && credential?.kind !== 'github-app'
      ? [
          at(['ledger', 'write'], {
            code: 'pull-request-without-app',
            found: JSON.stringify(write),
            expected: 'a ledger.credential of kind github-app, which can open pull requests; else push',
          }),
        ]
      : [];
  const { kind, connection } = platform.source;
  const unconnected =
    kind === 'connection' && connection === undefined
      ? [
          at(['source'], {
            code: 'no-connection',
            found: JSON.stringify(platform.source),
            expected: 'source.connection, the ARN of a CodeConnections connection; or kind: codecommit',
          }),
        ]
      : [];
  return [...strangers, ...twice, ...unopened, ...unconnected];
}

function serviceProblems(service: Service, platform: Platform | undefined, at: At): readonly CatalogProblem[] {
  const { build } = service;
  const wrong = (
    code: string,
    path: readonly PropertyKey[],
    found: unknown,
    expected: string,
    near?: string,
  ): CatalogProblem =>
    at(path, { code, found: JSON.stringify(found), expected, ...(near === undefined ? {} : { nearMiss: near }) });
  const problems: CatalogProblem[] = [...sourceProblems(service, platform, wrong)];
  if (build.cgo && build.base === 'scratch') {
    problems.push(
      wrong(
        'cgo-on-scratch',
        ['build', 'base'],
        'scratch',
        'distroless or alpine: with cgo the binary needs a C library, and scratch has none',
      ),
    );
  }
  if (build.debugTools && build.base !== undefined && build.base !== 'alpine') {
    problems.push(
      wrong(
        'tools-without-shell',
        ['build', 'base'],
        build.base,
        'alpine, since debugging tools are wanted (build.debugTools)',
      ),
    );
  }
  if (build.cgo && build.platforms?.some((platform) => platform !== 'linux/amd64')) {
    problems.push(
      wrong(
        'cgo-platform',
        ['build', 'platforms'],
        build.platforms,
        'linux/amd64 alone: with cgo every platform needs a C compiler of its own',
      ),
    );
  }
  if (build.cgo && build.binaries.length > 0) {
    problems.push(
      wrong(
        'cgo-binaries',
        ['build', 'binaries'],
        build.binaries,
        'no plain binaries: with cgo they would need a C compiler for each platform',
      ),
    );
  }
  if (!build.cgo && build.linkFlags.some((flag) => flag.startsWith('-extldflags') || flag.startsWith('-linkmode'))) {
    problems.push(
      wrong(
        'external-link-without-cgo',
        ['build', 'linkFlags'],
        build.linkFlags,
        'no external linking without build.cgo',
      ),
    );
  }
  if (platform && build.cgo && (build.base === 'alpine' || build.debugTools) && !platform.bases.builderMusl) {
    problems.push(
      wrong(
        'no-musl-builder',
        ['build', 'base'],
        'alpine',
        'another base: cgo on alpine needs bases.builderMusl in platform.yaml',
      ),
    );
  }
  for (const [name, size] of Object.entries(service.environments)) {
    if (platform && !platform.environments.some((environment) => environment.name === name)) {
      const known = platform.environments.map((environment) => environment.name);
      problems.push(
        wrong('unknown-environment', ['environments', name], name, `one of ${known.join(', ')}`, nearMiss(name, known)),
      );
    }
    if (size.maxReplicas !== undefined && size.maxReplicas < (size.replicas ?? 1)) {
      problems.push(
        wrong(
          'max-below-min',
          ['environments', name, 'maxReplicas'],
          size.maxReplicas,
          `at least replicas (${size.replicas ?? 1})`,
        ),
      );
    }
    for (const variable of Object.keys(size.secrets)) {
      if (variable in size.settings) {
        problems.push(
          wrong(
            'setting-and-secret',
            ['environments', name, 'secrets', variable],
            variable,
            'a name that settings does not use too',
          ),
        );
      }
    }
    for (const variable of ['PORT', 'GOMEMLIMIT']) {
      if (variable in size.settings || variable in size.secrets) {
        problems.push(
          wrong(
            'reserved-variable',
            ['environments', name, 'settings', variable],
            variable,
            'another name: Bowline sets this one itself',
          ),
        );
      }
    }
  }
  const { steps } = service.rollback;
  if (steps?.some((weight, index) => index > 0 && weight <= (steps[index - 1] as number))) {
    problems.push(
      wrong('steps-not-rising', ['rollback', 'steps'], steps, 'weights that rise, such as [5, 10, 25, 50]'),
    );
  }
  return problems;
}

function duplicateNames(
  services: readonly { readonly value?: Service; readonly file: CatalogFile; readonly document: { problemAt: At } }[],
): readonly CatalogProblem[] {
  const first = new Map<string, string>();
  return services.flatMap(({ value, file, document }) => {
    if (!value) {
      return [];
    }
    const before = first.get(value.name);
    if (before === undefined) {
      first.set(value.name, file.file);
      return [];
    }
    return [
      document.problemAt(['name'], {
        code: 'duplicate-service',
        found: JSON.stringify(value.name),
        expected: `a name of its own (${before} has this one)`,
      }),
    ];
  });
}

/** Services that a service says it speaks to, and that the catalog has not. */
function unknownPeers(
  services: readonly { readonly value?: Service; readonly document: { problemAt: At } }[],
): readonly CatalogProblem[] {
  // A file that is wrong elsewhere still has a name; without all names nothing can be said of peers.
  if (services.some(({ value }) => value === undefined)) {
    return [];
  }
  const known = services.flatMap(({ value }) => (value ? [value.name] : []));
  return services.flatMap(({ value, document }) => {
    const { from = [], to = [] } = value?.network ?? {};
    const named = [
      ...from.map((name, index) => ({ name, path: ['network', 'from', index] })),
      ...to.flatMap((target, index) =>
        'service' in target ? [{ name: target.service, path: ['network', 'to', index, 'service'] }] : [],
      ),
    ];
    return named
      .filter(({ name }) => !known.includes(name))
      .map(({ name, path }) => {
        const near = nearMiss(name, known);
        return document.problemAt(path, {
          code: 'unknown-peer',
          found: JSON.stringify(name),
          expected: 'a service of the catalog',
          ...(near === undefined ? {} : { nearMiss: near }),
        });
      });
  });
}

function inOrder(problems: readonly CatalogProblem[]): readonly CatalogProblem[] {
  return [...problems].sort((a, b) =>
    a.file === b.file ? a.line - b.line || a.column - b.column : a.file < b.file ? -1 : 1,
  );
}
