import type { ServiceInEnvironment } from '../../catalog';
import { canonicalJson } from '../../values';
import { changeTrailer } from '../git/commit-message';
import { type EnvironmentFile, LedgerInputError, parseReleaseInput } from '../inputs';
import { environmentPath, type LedgerPath, parseLedgerPath, releasePath, servicePath } from '../layout';
import { areFilesEqual, changesBetween, renderEnvironment, renderService } from '../output';
import type { RenderedFiles, Renderer } from '../renderer';
import { type Snapshot, selectFiles } from '../snapshot';
import { type Decision, type Refusal, refuse } from './decision';
import { type AllowedRemovals, checkRemovals, findRemovals } from './removals';

/** The catalog in the form of the ledger, and the allowed removals. */
export interface Publication extends AllowedRemovals {
  readonly environments: readonly EnvironmentFile[];
  /** Every service in every environment. */
  readonly services: readonly ServiceInEnvironment[];
  /** Render every released service again, even if its description did not change. */
  readonly rerender: boolean;
}

/** How a publication affects one service in one environment. */
export interface PublishedService {
  readonly environment: string;
  readonly service: string;
  readonly state: 'created' | 'changed' | 'unchanged' | 'removed';
  /** Whether the service has a release. Without one, the ledger contains only its description. */
  readonly released: boolean;
  /** Whether its manifests were rendered. */
  readonly rendered: boolean;
}

export interface PublicationDetail {
  readonly services: readonly PublishedService[];
}

/** The paths that a publication depends on. */
export const publishedPaths: readonly string[] = [
  'environments/',
  'services/',
  'releases/',
  'manifests/',
  'apps/',
  'platform/',
];

const changedStates = ['created', 'changed', 'removed'] as const;

/** Decides a publication: the inputs from the catalog, and the rendered files of new and changed services. Pure. */
export function decidePublication(
  head: Snapshot,
  publication: Publication,
  renderer: Renderer,
): Decision<PublicationDetail> {
  const before = selectFiles(head.files, (path) => parseLedgerPath(path) !== undefined);
  const removals = findRemovals(before.keys(), publication);
  const refusal = checkRemovals(removals, publication);
  if (refusal) {
    return refusal;
  }
  const after = new Map([...before].filter(([path]) => !removals.includes(parseLedgerPath(path) as LedgerPath)));
  for (const environment of publication.environments) {
    after.set(environmentPath(environment.name), canonicalJson(environment));
    const services = publication.services.filter((service) => service.environment === environment.name);
    const current = selectFiles(after, (path) => {
      const file = parseLedgerPath(path);
      return file?.kind === 'platform' && file.environment === environment.name;
    });
    replaceFiles(after, current, renderEnvironment(renderer, environment, services));
  }
  const outputs = groupOutputsByService(after);
  const published: PublishedService[] = [];
  const notes: string[] = [];
  for (const service of publication.services) {
    const result = publishService({
      after,
      service,
      outputs: outputs.get(`${service.environment}/${service.name}`) ?? new Map(),
      renderer,
      rerender: publication.rerender,
    });
    if ('kind' in result) {
      return result;
    }
    published.push(result.published);
    notes.push(...result.notes);
  }
  const removed = removals.services.map(
    (service): PublishedService => ({ ...service, state: 'removed', released: false, rendered: false }),
  );
  const detail = { services: [...published, ...removed] };
  const changes = changesBetween(before, after);
  if (changes.files.size === 0 && changes.deletes.length === 0) {
    return { kind: 'nothing', reason: 'the ledger is already up to date with the catalog', notes, detail };
  }
  return {
    kind: 'write',
    ...changes,
    message: {
      subject: commitSubject(detail.services),
      body: summaryLines(detail.services),
      trailers: { [changeTrailer]: 'publish' },
    },
    notes,
    detail,
  };
}

interface ServicePublication {
  /** The files of the ledger after the publication. Modified in place. */
  readonly after: Map<string, string>;
  readonly service: ServiceInEnvironment;
  /** The current outputs of the service. */
  readonly outputs: RenderedFiles;
  readonly renderer: Renderer;
  readonly rerender: boolean;
}

function publishService({
  after,
  service,
  outputs,
  renderer,
  rerender,
}: ServicePublication): { readonly published: PublishedService; readonly notes: readonly string[] } | Refusal {
  const { name, environment } = service;
  const path = servicePath(environment, name);
  const text = canonicalJson(service);
  const previousText = after.get(path);
  const state = previousText === undefined ? 'created' : previousText === text ? 'unchanged' : 'changed';
  after.set(path, text);
  const releaseText = after.get(releasePath(environment, name));
  if (releaseText === undefined) {
    replaceFiles(after, outputs, new Map());
    const notes =
      outputs.size > 0 ? [`${name} in ${environment} has no release, so its leftover manifests were removed.`] : [];
    return { published: { environment, service: name, state, released: false, rendered: false }, notes };
  }
  try {
    const rendered = renderService(renderer, service, parseReleaseInput(environment, name, releaseText));
    const isCurrent = areFilesEqual(rendered, outputs);
    const shouldReplace = !isCurrent && (state !== 'unchanged' || rerender);
    if (shouldReplace) {
      replaceFiles(after, outputs, rendered);
    }
    const notes =
      isCurrent || shouldReplace
        ? []
        : [
            `The manifests of ${name} in ${environment} differ from those that this version renders. They were not changed. "bowline publish --rerender" renders them again.`,
          ];
    return { published: { environment, service: name, state, released: true, rendered: shouldReplace }, notes };
  } catch (error) {
    if (!(error instanceof LedgerInputError)) {
      throw error;
    }
    return refuse(
      'malformed-input',
      `${error.message}. Restore the last valid version of the file from the git history of the ledger, then publish again.`,
    );
  }
}

/** Replaces a complete set of outputs, so that files that are no longer rendered are deleted. */
function replaceFiles(after: Map<string, string>, current: RenderedFiles, rendered: RenderedFiles): void {
  for (const path of current.keys()) {
    after.delete(path);
  }
  for (const [path, text] of rendered) {
    after.set(path, text);
  }
}

/** Groups outputs by `<environment>/<service>` in one pass, because a scan per service is slow in a large ledger. */
function groupOutputsByService(files: ReadonlyMap<string, string>): ReadonlyMap<string, RenderedFiles> {
  const groups = new Map<string, Map<string, string>>();
  for (const [path, text] of files) {
    const file = parseLedgerPath(path);
    if (file?.kind === 'manifest' || file?.kind === 'app') {
      const key = `${file.environment}/${file.service}`;
      groups.set(key, (groups.get(key) ?? new Map<string, string>()).set(path, text));
    }
  }
  return groups;
}

/** One line per state, such as `created: hello (dev, prod)`. */
export function summaryLines(services: readonly PublishedService[]): readonly string[] {
  return changedStates.flatMap((state) => {
    const environmentsByService = new Map<string, string[]>();
    for (const { service, environment } of services.filter((candidate) => candidate.state === state)) {
      environmentsByService.set(service, [...(environmentsByService.get(service) ?? []), environment]);
    }
    const names = [...environmentsByService].map(
      ([service, environments]) => `${service} (${environments.join(', ')})`,
    );
    return names.length === 0 ? [] : [`${state}: ${names.join(', ')}`];
  });
}

function commitSubject(services: readonly PublishedService[]): string {
  const affected = services.filter((service) => service.state !== 'unchanged');
  const names = [...new Set(affected.map((service) => service.service))];
  if (names.length === 1) {
    return `Publish ${names[0]}`;
  }
  const counts = changedStates.flatMap((state) => {
    const count = new Set(services.filter((service) => service.state === state).map(({ service }) => service)).size;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `Publish the catalog: ${counts.length === 0 ? 'render manifests' : counts.join(', ')}`;
}
