import { LedgerInputError, parseEnvironmentFile, parseServiceFile } from '../inputs';
import { environmentPath, parseLedgerPath, releasePath, servicePath } from '../layout';
import {
  changesBetween,
  countOccurrences,
  serviceOutputs,
  renderEnvironment,
  renderService,
  replaceImage,
  areFilesEqual,
} from '../output';
import { type ReleaseFile, releasedDigest } from '../release-file';
import type { RenderedFiles, Renderer } from '../renderer';
import { selectFiles, type Snapshot } from '../snapshot';
import { type Decision, type Refusal, refuse } from './decision';
import { type PromotionDetail, pathsOfService, readService, releaseMessage, rendersSameOutputs } from './promotion';

/** An earlier release, with the inputs and outputs of then. */
export interface Rollback {
  readonly environment: string;
  readonly service: string;
  /** The image that this was judged against: with another one at HEAD, it is dropped. */
  readonly from: string | undefined;
  readonly to: {
    /** The ledger commit that had it. */
    readonly commit: string;
    readonly release: ReleaseFile;
    readonly releaseText: string;
    readonly serviceText: string;
    readonly outputs: RenderedFiles;
  };
  /** Why, in a person's words. */
  readonly reason?: string;
}

/** The part of the ledger that going back looks at: the service, and what its environment shares (a description may change it). */
export function pathsOfRollback(environment: string, service: string): readonly string[] {
  return [
    ...pathsOfService(environment, service),
    environmentPath(environment),
    `services/${environment}/`,
    `platform/${environment}/`,
  ];
}

/** Judges a rollback: the inputs of an earlier release are put back, and rendered. Pure. */
export function decideRollback(head: Snapshot, back: Rollback, renderer: Renderer): Decision<PromotionDetail> {
  const { environment, service: name, to } = back;
  const read = readService(head, environment, name);
  if ('kind' in read) {
    return read;
  }
  const { previous, serviceText } = read;
  const detail = { previous };
  const sameDescription = serviceText === to.serviceText;
  if (previous?.image === to.release.image && sameDescription) {
    return { kind: 'nothing', reason: `${name} in ${environment} already runs ${to.release.image}`, notes: [], detail };
  }
  if (previous?.image !== back.from) {
    return refuse(
      'superseded',
      `another writer changed what ${name} runs in ${environment} meanwhile (from ${back.from ?? 'nothing'} to ${previous?.image ?? 'nothing'}), so the rollback was dropped. Look at "bowline history ${name} --env ${environment}", then decide again.`,
    );
  }
  const before = serviceOutputs(head, environment, name);
  const rendering = restoreOutputs(head, back, renderer, before);
  if ('kind' in rendering) {
    return rendering;
  }
  const platform = sameDescription
    ? { files: new Map<string, string>(), deletes: [], notes: [] }
    : renderSharedChanges(head, back, renderer);
  const outputs = changesBetween(before, rendering.outputs);
  const notes = [
    ...rendering.notes,
    ...platform.notes,
    ...(sameDescription
      ? []
      : [
          `The description of ${name} in ${environment} is that of then too; the next "bowline publish" brings back what the catalog says.`,
        ]),
  ];
  return {
    kind: 'write',
    files: new Map([
      [servicePath(environment, name), to.serviceText],
      [releasePath(environment, name), to.releaseText],
      ...outputs.files,
      ...platform.files,
    ]),
    deletes: [...outputs.deletes, ...platform.deletes],
    message: releaseMessage(
      'rollback',
      `Roll ${name} in ${environment} back`,
      to.release,
      previous,
      [...(back.reason === undefined ? [] : [`Reason: ${back.reason}`]), ...notes],
      { Restores: to.commit },
    ),
    notes,
    detail,
  };
}

/** As with a promotion; where another version wrote what HEAD has and the description differs too, the files of then are put back as they were. */
function restoreOutputs(
  head: Snapshot,
  back: Rollback,
  renderer: Renderer,
  before: RenderedFiles,
): { readonly outputs: RenderedFiles; readonly notes: readonly string[] } | Refusal {
  const { environment, service: name, to } = back;
  const read = readService(head, environment, name);
  if ('kind' in read) {
    return read;
  }
  try {
    const { service, previous, serviceText } = read;
    if (previous === undefined || before.size === 0 || rendersSameOutputs(renderer, service, previous, before)) {
      const then = parseServiceFile(environment, name, to.serviceText);
      return { outputs: renderService(renderer, then, to.release), notes: [] };
    }
    const where = `The manifests of ${name} in ${environment} were written by another version (or by hand)`;
    const replaced = replaceImage(before, previous, to.release);
    if (serviceText === to.serviceText && replaced.ok) {
      return { outputs: replaced.outputs, notes: [`${where}, so the image alone was replaced in them.`] };
    }
    if (countOccurrences(to.outputs, releasedDigest(to.release)) === 1) {
      return {
        outputs: to.outputs,
        notes: [`${where}, so those of ledger commit ${to.commit} were put back as they were.`],
      };
    }
    return refuse(
      'manifests-unclear',
      `${where}, and neither HEAD's nor those of ${to.commit} hold the image exactly once. Render them anew with "bowline publish --rerender", then try again.`,
    );
  } catch (error) {
    if (error instanceof LedgerInputError) {
      return refuse(
        'malformed-input',
        `${error.message} (at ledger commit ${to.commit}). Choose another release with --to.`,
      );
    }
    throw error;
  }
}

/** What the environment shares is a function of all its descriptions, so it follows, if this version's renderer wrote it. */
function renderSharedChanges(
  head: Snapshot,
  back: Rollback,
  renderer: Renderer,
): {
  readonly files: ReadonlyMap<string, string>;
  readonly deletes: readonly string[];
  readonly notes: readonly string[];
} {
  const { environment, service: name } = back;
  const none = { files: new Map<string, string>(), deletes: [], notes: [] };
  const text = head.files.get(environmentPath(environment));
  if (text === undefined) {
    return none;
  }
  const before = selectFiles(head.files, (path) => {
    const file = parseLedgerPath(path);
    return file?.kind === 'platform' && file.environment === environment;
  });
  try {
    const file = parseEnvironmentFile(environment, text);
    const render = (replaced: string | undefined) =>
      renderEnvironment(
        renderer,
        file,
        [...head.files]
          .flatMap(([path, json]) => {
            const at = parseLedgerPath(path);
            return at?.kind === 'service' && at.environment === environment
              ? [parseServiceFile(environment, at.service, at.service === name ? (replaced ?? json) : json)]
              : [];
          })
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
      );
    if (areFilesEqual(render(undefined), before)) {
      return { ...changesBetween(before, render(back.to.serviceText)), notes: [] };
    }
  } catch (error) {
    if (!(error instanceof LedgerInputError)) {
      throw error;
    }
  }
  return { ...none, notes: [`What ${environment} shares (platform/${environment}/) was left as it is.`] };
}
