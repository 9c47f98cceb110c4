import { LedgerInputError, parseEnvironmentFile, parseServiceFile } from '../inputs';
import { environmentPath, parseLedgerPath, releasePath, servicePath } from '../layout';
import {
  areFilesEqual,
  changesBetween,
  countOccurrences,
  type FileChanges,
  renderEnvironment,
  renderService,
  replaceImage,
  serviceOutputs,
} from '../output';
import { type ReleaseFile, releasedDigest } from '../release-file';
import type { RenderedFiles, Renderer } from '../renderer';
import { type Snapshot, selectFiles } from '../snapshot';
import { type Decision, type Refusal, refuse } from './decision';
import {
  type PromotionDetail,
  pathsOfService,
  readService,
  releaseMessage,
  rendersSameOutputs,
  type ServiceInputs,
} from './promotion';

/** A rollback of a service to an earlier release. */
export interface Rollback {
  readonly environment: string;
  readonly service: string;
  /** The image at HEAD when the rollback was decided. If HEAD now has another image, the rollback is refused. */
  readonly from: string | undefined;
  /** The earlier release, with its inputs and outputs. */
  readonly to: {
    /** The ledger commit that contains the release. */
    readonly commit: string;
    readonly release: ReleaseFile;
    readonly releaseText: string;
    readonly serviceText: string;
    readonly outputs: RenderedFiles;
  };
  /** The reason given by the user. */
  readonly reason?: string;
  /** The person who asks for it. */
  readonly requestedBy?: string;
}

/** The paths that a rollback depends on. They include the whole environment, because the description of a service affects its shared files. */
export function pathsOfRollback(environment: string, service: string): readonly string[] {
  return [
    ...pathsOfService(environment, service),
    environmentPath(environment),
    `services/${environment}/`,
    `platform/${environment}/`,
  ];
}

/** Decides a rollback: restores the inputs of an earlier release and renders them. Pure. */
export function decideRollback(head: Snapshot, rollback: Rollback, renderer: Renderer): Decision<PromotionDetail> {
  const { environment, service: name, to } = rollback;
  const inputs = readService(head, environment, name);
  if ('kind' in inputs) {
    return inputs;
  }
  const { previous, serviceText } = inputs;
  const detail = { previous };
  const hasSameDescription = serviceText === to.serviceText;
  if (previous?.image === to.release.image && hasSameDescription) {
    return { kind: 'nothing', reason: `${name} in ${environment} already runs ${to.release.image}`, notes: [], detail };
  }
  if (previous?.image !== rollback.from) {
    return refuse(
      'superseded',
      `another writer changed the release of ${name} in ${environment} during this rollback (from ${rollback.from ?? 'nothing'} to ${previous?.image ?? 'nothing'}). The rollback was not applied. Check "bowline history ${name} --env ${environment}" and roll back again if it is still needed.`,
    );
  }
  const before = serviceOutputs(head, environment, name);
  const restored = restoreOutputs({ inputs, rollback, renderer, before });
  if ('kind' in restored) {
    return restored;
  }
  const shared = hasSameDescription
    ? { files: new Map<string, string>(), deletes: [], notes: [] }
    : renderSharedFiles(head, rollback, renderer);
  const outputs = changesBetween(before, restored.outputs);
  const notes = [
    ...restored.notes,
    ...shared.notes,
    ...(hasSameDescription
      ? []
      : [
          `The description of ${name} in ${environment} was restored as well. The next "bowline publish" replaces it with that of the catalog.`,
        ]),
  ];
  return {
    kind: 'write',
    files: new Map([
      [servicePath(environment, name), to.serviceText],
      [releasePath(environment, name), to.releaseText],
      ...outputs.files,
      ...shared.files,
    ]),
    deletes: [...outputs.deletes, ...shared.deletes],
    message: releaseMessage({
      change: 'rollback',
      summary: `Roll back ${name} in ${environment}`,
      release: to.release,
      previous,
      body: [...(rollback.reason === undefined ? [] : [`Reason: ${rollback.reason}`]), ...notes],
      // A rollback is a deliberate act: its commit says who wanted it, and why.
      trailers: { Restores: to.commit, 'Requested-By': rollback.requestedBy },
    }),
    notes,
    detail,
  };
}

interface Restoration {
  readonly inputs: ServiceInputs;
  readonly rollback: Rollback;
  readonly renderer: Renderer;
  /** The outputs of the service at HEAD. */
  readonly before: RenderedFiles;
}

/**
 * Renders the earlier release if this version's renderer reproduces HEAD. Otherwise replaces only the image, or, if the description
 * changed as well, restores the earlier outputs byte for byte.
 */
function restoreOutputs({
  inputs,
  rollback,
  renderer,
  before,
}: Restoration): { readonly outputs: RenderedFiles; readonly notes: readonly string[] } | Refusal {
  const { environment, service: name, to } = rollback;
  try {
    const { service, previous, serviceText } = inputs;
    if (previous === undefined || before.size === 0 || rendersSameOutputs(renderer, service, previous, before)) {
      const earlierService = parseServiceFile(environment, name, to.serviceText);
      return { outputs: renderService(renderer, earlierService, to.release), notes: [] };
    }
    const cause = `Another version of Bowline, or a manual edit, wrote the manifests of ${name} in ${environment}`;
    const replaced = replaceImage(before, previous, to.release);
    if (serviceText === to.serviceText && replaced.ok) {
      return { outputs: replaced.outputs, notes: [`${cause}, so only the image in them was replaced.`] };
    }
    if (countOccurrences(to.outputs, releasedDigest(to.release)) === 1) {
      return {
        outputs: to.outputs,
        notes: [`${cause}, so the manifests of ledger commit ${to.commit} were restored unchanged.`],
      };
    }
    return refuse(
      'manifests-unclear',
      `${cause}, and neither the manifests at HEAD nor those of ${to.commit} contain the image exactly once. Render them again with "bowline publish --rerender", then try again.`,
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

/** Renders the shared files of the environment, which depend on the descriptions of all services, if this version's renderer reproduces HEAD. */
function renderSharedFiles(
  head: Snapshot,
  rollback: Rollback,
  renderer: Renderer,
): FileChanges & { readonly notes: readonly string[] } {
  const { environment, service: name } = rollback;
  const noChanges = { files: new Map<string, string>(), deletes: [] };
  const environmentText = head.files.get(environmentPath(environment));
  if (environmentText === undefined) {
    return { ...noChanges, notes: [] };
  }
  const before = selectFiles(head.files, (path) => {
    const file = parseLedgerPath(path);
    return file?.kind === 'platform' && file.environment === environment;
  });
  const render = (serviceTexts: ReadonlyMap<string, string>) =>
    renderEnvironment(
      renderer,
      parseEnvironmentFile(environment, environmentText),
      [...serviceTexts]
        .map(([service, text]) => parseServiceFile(environment, service, text))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    );
  const serviceTexts = serviceTextsOf(head, environment);
  try {
    if (areFilesEqual(render(serviceTexts), before)) {
      const after = render(new Map([...serviceTexts, [name, rollback.to.serviceText]]));
      return { ...changesBetween(before, after), notes: [] };
    }
  } catch (error) {
    if (!(error instanceof LedgerInputError)) {
      throw error;
    }
  }
  return { ...noChanges, notes: [`The shared files of ${environment} (platform/${environment}/) were not changed.`] };
}

/** The descriptions of all services of an environment, by name. */
function serviceTextsOf(head: Snapshot, environment: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [path, text] of head.files) {
    const file = parseLedgerPath(path);
    if (file?.kind === 'service' && file.environment === environment) {
      texts.set(file.service, text);
    }
  }
  return texts;
}
