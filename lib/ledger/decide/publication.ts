import type { ServiceInEnvironment } from '../../catalog';
import { canonicalJson } from '../../values';
import { changeTrailer } from '../git/commit-message';
import { type EnvironmentFile, LedgerInputError, parseReleaseInput } from '../inputs';
import { environmentPath, type LedgerPath, parseLedgerPath, releasePath, servicePath } from '../layout';
import { changesBetween, renderEnvironment, renderService, areFilesEqual } from '../output';
import type { RenderedFiles, Renderer } from '../renderer';
import { selectFiles, type Snapshot } from '../snapshot';
import { type Decision, type Refusal, refuse } from './decision';
import { type Removals, checkRemovals, findRemovals } from './removals';

/** The catalog, as the ledger keeps it, and what may go. */
export interface Publication extends Removals {
  readonly environments: readonly EnvironmentFile[];
  /** Every service in every environment. */
  readonly services: readonly ServiceInEnvironment[];
  /** Render every released service anew, also where its description is as it was. */
  readonly rerender: boolean;
}

/** What publishing does to one service in one environment. */
export interface PublishedService {
  readonly environment: string;
  readonly service: string;
  readonly state: 'created' | 'changed' | 'unchanged' | 'removed';
  /** Without a release nothing runs: there is a description and nothing else. */
  readonly released: boolean;
  /** Whether its manifests were rendered anew. */
  readonly rendered: boolean;
}

export interface PublicationDetail {
  readonly services: readonly PublishedService[];
}

/** The part of the ledger that publishing looks at. */
export const publishedPaths: readonly string[] = [
  'environments/',
  'services/',
  'releases/',
  'manifests/',
  'apps/',
  'platform/',
];

/** Judges a publication: inputs out of the catalog, and the renderings of what is new or changed. Pure. */
export function decidePublication(
  head: Snapshot,
  publication: Publication,
  renderer: Renderer,
): Decision<PublicationDetail> {
  const before = selectFiles(head.files, (path) => parseLedgerPath(path) !== undefined);
  const losses = findRemovals(before.keys(), publication);
  const lossRefused = checkRemovals(losses, publication);
  if (lossRefused) {
    return lossRefused;
  }
  const after = new Map([...before].filter(([path]) => !losses.takes(parseLedgerPath(path) as LedgerPath)));
  for (const environment of publication.environments) {
    after.set(environmentPath(environment.name), canonicalJson(environment));
    const services = publication.services.filter((service) => service.environment === environment.name);
    const there = selectFiles(after, (path) => {
      const file = parseLedgerPath(path);
      return file?.kind === 'platform' && file.environment === environment.name;
    });
    replace(after, there, renderEnvironment(renderer, environment, services));
  }
  const outputs = outputsByService(after);
  const published: PublishedService[] = [];
  const notes: string[] = [];
  for (const service of publication.services) {
    const result = publishService(
      after,
      service,
      outputs.get(`${service.environment}/${service.name}`) ?? new Map(),
      renderer,
      publication.rerender,
    );
    if ('kind' in result) {
      return result;
    }
    published.push(result.published);
    notes.push(...result.notes);
  }
  const detail = { services: [...published, ...losses.services.map(removed)] };
  const changes = changesBetween(before, after);
  if (changes.files.size === 0 && changes.deletes.length === 0) {
    return { kind: 'nothing', reason: 'the ledger already says what the catalog says', notes, detail };
  }
  const body = summaryLines(detail.services);
  return {
    kind: 'write',
    ...changes,
    message: { subject: subjectOf(detail.services), body, trailers: { [changeTrailer]: 'publish' } },
    notes,
    detail,
  };
}

/** One line for each state that services are in, such as `created: hello (dev, prod)`. */
export function summaryLines(services: readonly PublishedService[]): readonly string[] {
  return (['created', 'changed', 'removed'] as const).flatMap((state) => {
    const environments = new Map<string, string[]>();
    for (const { service, environment } of services.filter((each) => each.state === state)) {
      environments.set(service, [...(environments.get(service) ?? []), environment]);
    }
    const names = [...environments].map(([service, where]) => `${service} (${where.join(', ')})`);
    return names.length === 0 ? [] : [`${state}: ${names.join(', ')}`];
  });
}

function publishService(
  after: Map<string, string>,
  service: ServiceInEnvironment,
  outputs: RenderedFiles,
  renderer: Renderer,
  rerender: boolean,
): { readonly published: PublishedService; readonly notes: readonly string[] } | Refusal {
  const { name, environment } = service;
  const path = servicePath(environment, name);
  const text = canonicalJson(service);
  const old = after.get(path);
  const state = old === undefined ? 'created' : old === text ? 'unchanged' : 'changed';
  after.set(path, text);
  const releaseText = after.get(releasePath(environment, name));
  if (releaseText === undefined) {
    replace(after, outputs, new Map());
    const notes =
      outputs.size > 0
        ? [`${name} in ${environment} has no release: manifests that were left of it are taken away.`]
        : [];
    return { published: { environment, service: name, state, released: false, rendered: false }, notes };
  }
  try {
    const rendered = renderService(renderer, service, parseReleaseInput(environment, name, releaseText));
    const same = areFilesEqual(rendered, outputs);
    const wanted = (state !== 'unchanged' || rerender) && !same;
    if (wanted) {
      replace(after, outputs, rendered);
    }
    const notes =
      same || wanted
        ? []
        : [
            `The manifests of ${name} in ${environment} are not those that this version renders; they are left as they are ("bowline publish --rerender" renders them anew).`,
          ];
    return { published: { environment, service: name, state, released: true, rendered: wanted }, notes };
  } catch (error) {
    if (!(error instanceof LedgerInputError)) {
      throw error;
    }
    return refuse(
      'malformed-input',
      `${error.message}. Put the file right in the ledger (its git history has the last good one), then publish again.`,
    );
  }
}

/** Puts a whole set of outputs in the place of the one that is there. */
function replace(after: Map<string, string>, there: RenderedFiles, rendered: RenderedFiles): void {
  for (const path of there.keys()) {
    after.delete(path);
  }
  for (const [path, text] of rendered) {
    after.set(path, text);
  }
}

/** Outputs by `<environment>/<service>`: looking through the whole ledger once for each service would take long in a big one. */
function outputsByService(files: ReadonlyMap<string, string>): ReadonlyMap<string, RenderedFiles> {
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

function removed(loss: { readonly environment: string; readonly service: string }): PublishedService {
  return { ...loss, state: 'removed', released: false, rendered: false };
}

function subjectOf(services: readonly PublishedService[]): string {
  const touched = services.filter((service) => service.state !== 'unchanged');
  const names = [...new Set(touched.map((service) => service.service))];
  if (names.length === 1) {
    return `Publish ${names[0]}`;
  }
  const counts = (['created', 'changed', 'removed'] as const).flatMap((state) => {
    const count = new Set(services.filter((each) => each.state === state).map((each) => each.service)).size;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `Publish the catalog${counts.length === 0 ? ': renderings' : `: ${counts.join(', ')}`}`;
}
