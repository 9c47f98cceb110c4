import type { ServiceInEnvironment } from '../../catalog';
import { shortDigest } from '../../values';
import { type CommitMessage, changeTrailer } from '../git/commit-message';
import { LedgerInputError, parseReleaseInput, parseServiceFile } from '../inputs';
import { appPath, releasePath, servicePath } from '../layout';
import {
  areFilesEqual,
  changesBetween,
  countOccurrences,
  renderService,
  replaceImage,
  serviceOutputs,
} from '../output';
import { type ReleaseFile, releasedDigest, serializeReleaseFile } from '../release-file';
import type { RenderedFiles, Renderer } from '../renderer';
import type { Snapshot } from '../snapshot';
import { type Decision, type Refusal, refuse } from './decision';
import { refuseOlderRelease } from './older-release';

/** The release to promote, and the state it was decided against. */
export interface Promotion {
  readonly release: ReleaseFile;
  /** The image at HEAD when the promotion was first decided (undefined: none). If HEAD now has another image, the promotion is refused. */
  readonly expectedPrevious?: { readonly image: string | undefined };
}

export interface PromotionDetail {
  /** The release at HEAD before the change. */
  readonly previous: ReleaseFile | undefined;
}

/** The paths that decisions about one service depend on. */
export function pathsOfService(environment: string, service: string): readonly string[] {
  return [
    servicePath(environment, service),
    releasePath(environment, service),
    `manifests/${environment}/${service}/`,
    appPath(environment, service),
  ];
}

/** Decides a promotion: the release file and the rendered files of the service. Pure. */
export function decidePromotion(head: Snapshot, promotion: Promotion, renderer: Renderer): Decision<PromotionDetail> {
  const { release, expectedPrevious } = promotion;
  const { service: name, environment } = release;
  const inputs = readService(head, environment, name);
  if ('kind' in inputs) {
    return inputs;
  }
  const { service, previous } = inputs;
  const detail = { previous };
  const before = serviceOutputs(head, environment, name);
  if (
    previous?.image === release.image &&
    (rendersSameOutputs(renderer, service, previous, before) || containsImageOnce(before, previous))
  ) {
    return { kind: 'nothing', reason: `${name} in ${environment} already runs ${release.image}`, notes: [], detail };
  }
  if (expectedPrevious && expectedPrevious.image !== previous?.image && previous?.image !== release.image) {
    return refuse(
      'superseded',
      `another writer changed the release of ${name} in ${environment} during this promotion (from ${expectedPrevious.image ?? 'nothing'} to ${previous?.image ?? 'nothing'}). The promotion was not applied. Check "bowline history ${name} --env ${environment}" and promote again if the release is still wanted.`,
    );
  }
  const older = refuseOlderRelease(release, previous);
  if (older !== undefined) {
    return older;
  }
  const rendering = renderRelease({ renderer, service, previous, release, before });
  if ('kind' in rendering) {
    return rendering;
  }
  const outputs = changesBetween(before, rendering.outputs);
  return {
    kind: 'write',
    files: new Map([[releasePath(environment, name), serializeReleaseFile(release)], ...outputs.files]),
    deletes: outputs.deletes,
    message: releaseMessage({
      change: 'promote',
      summary: `Promote ${name} to ${environment}`,
      release,
      previous,
      body: rendering.notes,
    }),
    notes: rendering.notes,
    detail,
  };
}

/** The inputs of one service at HEAD. */
export interface ServiceInputs {
  readonly service: ServiceInEnvironment;
  readonly serviceText: string;
  readonly previous: ReleaseFile | undefined;
}

/** Reads the inputs of one service at HEAD. */
export function readService(head: Snapshot, environment: string, name: string): ServiceInputs | Refusal {
  const serviceText = head.files.get(servicePath(environment, name));
  if (serviceText === undefined) {
    return refuse(
      'service-not-published',
      `the ledger has no service ${name} in the environment ${environment} (no ${servicePath(environment, name)}). Run "bowline publish", then try again.`,
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
        `${error.message}. Restore the last valid version of the file from the git history of the ledger, then try again.`,
      );
    }
    throw error;
  }
}

interface ReleaseRendering {
  readonly renderer: Renderer;
  readonly service: ServiceInEnvironment;
  readonly previous: ReleaseFile | undefined;
  readonly release: ReleaseFile;
  /** The outputs of the service at HEAD. */
  readonly before: RenderedFiles;
}

/**
 * Renders a release if HEAD has no outputs or this version's renderer reproduces them. Otherwise replaces only the image in the outputs of
 * HEAD.
 */
function renderRelease({
  renderer,
  service,
  previous,
  release,
  before,
}: ReleaseRendering): { readonly outputs: RenderedFiles; readonly notes: readonly string[] } | Refusal {
  if (previous === undefined || before.size === 0 || rendersSameOutputs(renderer, service, previous, before)) {
    return { outputs: renderService(renderer, service, release), notes: [] };
  }
  const replaced = replaceImage(before, previous, release);
  if (!replaced.ok) {
    return refuse(
      'manifests-unclear',
      `another version of Bowline, or a manual edit, wrote the manifests of ${service.name} in ${service.environment}, and the image in them cannot be replaced: ${replaced.reason}. Render them again with "bowline publish --rerender", then try again.`,
    );
  }
  return {
    outputs: replaced.outputs,
    notes: [
      `Another version of Bowline, or a manual edit, wrote the manifests of ${service.name} in ${service.environment}, so only the image in them was replaced. "bowline publish --rerender" renders them again.`,
    ],
  };
}

/** Whether the renderer reproduces the outputs from these inputs. */
export function rendersSameOutputs(
  renderer: Renderer,
  service: ServiceInEnvironment,
  release: ReleaseFile,
  outputs: RenderedFiles,
): boolean {
  return areFilesEqual(renderService(renderer, service, release), outputs);
}

interface ReleaseMessageOptions {
  readonly change: 'promote' | 'rollback';
  readonly summary: string;
  readonly release: ReleaseFile;
  readonly previous: ReleaseFile | undefined;
  readonly body: readonly string[];
  readonly trailers?: CommitMessage['trailers'];
}

/** The commit message of a promotion or a rollback. */
export function releaseMessage(options: ReleaseMessageOptions): CommitMessage {
  const { change, summary, release, previous, body, trailers = {} } = options;
  return {
    subject: `${summary}: ${shortDigest(releasedDigest(release))}`,
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

/** Whether manifests of another version already contain the image. */
function containsImageOnce(outputs: RenderedFiles, release: ReleaseFile): boolean {
  return countOccurrences(outputs, releasedDigest(release)) === 1;
}
