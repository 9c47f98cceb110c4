import type { ServiceInEnvironment } from '../../catalog';
import { shortDigest } from '../../values';
import { type CommitMessage, changeTrailer } from '../git/commit-message';
import { LedgerInputError, parseReleaseInput, parseServiceFile } from '../inputs';
import { appPath, releasePath, servicePath } from '../layout';
import { changesBetween, countOccurrences, serviceOutputs, renderService, replaceImage, areFilesEqual } from '../output';
import { type ReleaseFile, releasedDigest, serializeReleaseFile } from '../release-file';
import type { RenderedFiles, Renderer } from '../renderer';
import type { Snapshot } from '../snapshot';
import { type Decision, type Refusal, refuse } from './decision';

/** What is to run, and what was running when that was decided. */
export interface Promotion {
  readonly release: ReleaseFile;
  /** The image that HEAD held when the promotion was judged first (undefined: none). With another one there now, the promotion is dropped. */
  readonly expectedPrevious?: { readonly image: string | undefined };
}

/** What a promotion found running. */
export interface PromotionDetail {
  readonly previous: ReleaseFile | undefined;
}

/** The part of the ledger that decisions about one service look at. */
export function pathsOfService(environment: string, service: string): readonly string[] {
  return [
    servicePath(environment, service),
    releasePath(environment, service),
    `manifests/${environment}/${service}/`,
    appPath(environment, service),
  ];
}

/** Judges a promotion: the release file, and the rendering of that service alone. Pure. */
export function decidePromotion(head: Snapshot, promotion: Promotion, renderer: Renderer): Decision<PromotionDetail> {
  const { release } = promotion;
  const { service: name, environment } = release;
  const read = readService(head, environment, name);
  if ('kind' in read) {
    return read;
  }
  const { service, previous } = read;
  const detail = { previous };
  const before = serviceOutputs(head, environment, name);
  if (
    previous?.image === release.image &&
    (rendersSameOutputs(renderer, service, previous, before) || hasImageInPlace(before, previous))
  ) {
    return { kind: 'nothing', reason: `${name} in ${environment} already runs ${release.image}`, notes: [], detail };
  }
  const against = promotion.expectedPrevious;
  if (against && against.image !== previous?.image && previous?.image !== release.image) {
    return refuse(
      'superseded',
      `another writer changed what ${name} runs in ${environment} while this promotion was under way (from ${against.image ?? 'nothing'} to ${previous?.image ?? 'nothing'}), so it was dropped. Look at "bowline history ${name} --env ${environment}", then promote again if it should still go out.`,
    );
  }
  const rendering = renderRelease(renderer, service, previous, release, before);
  if ('kind' in rendering) {
    return rendering;
  }
  const outputs = changesBetween(before, rendering.outputs);
  return {
    kind: 'write',
    files: new Map([[releasePath(environment, name), serializeReleaseFile(release)], ...outputs.files]),
    deletes: outputs.deletes,
    message: releaseMessage('promote', `Promote ${name} to ${environment}`, release, previous, rendering.notes),
    notes: rendering.notes,
    detail,
  };
}

/** The inputs of one service at HEAD, or the refusal that says reason there are none. */
export function readService(
  head: Snapshot,
  environment: string,
  name: string,
):
  | { readonly service: ServiceInEnvironment; readonly serviceText: string; readonly previous: ReleaseFile | undefined }
  | Refusal {
  const serviceText = head.files.get(servicePath(environment, name));
  if (serviceText === undefined) {
    return refuse(
      'service-not-published',
      `${name} is not in the ledger's ${environment} environment (no ${servicePath(environment, name)}). Put its description there with "bowline publish", then try again.`,
    );
  }
  try {
    const releaseText = head.files.get(releasePath(environment, name));
    return {
      service: parseServiceFile(environment, name, serviceText),
      serviceText,
      previous: releaseText === undefined ? undefined : parseReleaseInput(environment, name, releaseText),
    };
  } catch (error) {
    if (error instanceof LedgerInputError) {
      return refuse(
        'malformed-input',
        `${error.message}. Put the file right in the ledger (its git history has the last good one), then try again.`,
      );
    }
    throw error;
  }
}

/**
 * The outputs of a service with another release: rendered anew if this version's renderer reproduces what HEAD has (or HEAD has
 * nothing), else HEAD's own with the image alone replaced.
 */
export function renderRelease(
  renderer: Renderer,
  service: ServiceInEnvironment,
  previous: ReleaseFile | undefined,
  release: ReleaseFile,
  before: RenderedFiles,
): { readonly outputs: RenderedFiles; readonly notes: readonly string[] } | Refusal {
  if (previous === undefined || before.size === 0 || rendersSameOutputs(renderer, service, previous, before)) {
    return { outputs: renderService(renderer, service, release), notes: [] };
  }
  const replaced = replaceImage(before, previous, release);
  if (!replaced.ok) {
    return refuse(
      'manifests-unclear',
      `the manifests of ${service.name} in ${service.environment} were written by another version or by hand, and the image can't be replaced alone: ${replaced.reason}. Render them anew with "bowline publish --rerender", then try again.`,
    );
  }
  return {
    outputs: replaced.outputs,
    notes: [
      `The manifests of ${service.name} in ${service.environment} were written by another version (or by hand), so the image alone was replaced in them; "bowline publish --rerender" renders them anew.`,
    ],
  };
}

/** Whether the renderer, given these inputs, writes just what is there. */
export function rendersSameOutputs(
  renderer: Renderer,
  service: ServiceInEnvironment,
  release: ReleaseFile,
  outputs: RenderedFiles,
): boolean {
  return areFilesEqual(renderService(renderer, service, release), outputs);
}

/** The commit message of a change to what a service runs. */
export function releaseMessage(
  change: 'promote' | 'rollback',
  what: string,
  release: ReleaseFile,
  previous: ReleaseFile | undefined,
  body: readonly string[],
  trailers: CommitMessage['trailers'] = {},
): CommitMessage {
  return {
    subject: `${what}: ${shortDigest(releasedDigest(release))}`,
    body,
    trailers: {
      Service: release.service,
      Environment: release.environment,
      'Image-Digest': releasedDigest(release),
      'Previous-Digest': previous === undefined ? undefined : releasedDigest(previous),
      'Source-Repository': release.source.repository,
      'Source-Commit': release.source.commit,
      ...trailers,
      [changeTrailer]: change,
    },
  };
}

/** Manifests of another version are in place when they hold the image. */
function hasImageInPlace(outputs: RenderedFiles, release: ReleaseFile): boolean {
  return countOccurrences(outputs, releasedDigest(release)) === 1;
}
