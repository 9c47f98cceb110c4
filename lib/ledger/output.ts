import type { ServiceInEnvironment } from '../catalog';
import type { EnvironmentFile } from './inputs';
import { isOutputOf, parseLedgerPath } from './layout';
import { type ReleaseFile, releasedDigest } from './release-file';
import type { RenderedFiles, Renderer } from './renderer';
import { type Snapshot, selectFiles } from './snapshot';

/** The writes and deletes that turn one set of files into another. */
export interface FileChanges {
  readonly files: ReadonlyMap<string, string>;
  readonly deletes: readonly string[];
}

/** The current outputs of one service. */
export function serviceOutputs(head: Snapshot, environment: string, service: string): RenderedFiles {
  return selectFiles(head.files, (path) => isOutputOf(path, environment, service));
}

/**
 * Renders one service and checks the contract of the renderer.
 * @throws Error if it writes outside the paths of the service, or if the outputs do not contain the image digest exactly once
 */
export function renderService(renderer: Renderer, service: ServiceInEnvironment, release: ReleaseFile): RenderedFiles {
  const rendered = renderer.service(service, release);
  for (const path of rendered.keys()) {
    if (!isOutputOf(path, service.environment, service.name)) {
      throw new Error(
        `the renderer wrote ${path} for ${service.name} in ${service.environment}, which does not belong to the service`,
      );
    }
  }
  const count = countOccurrences(rendered, releasedDigest(release));
  if (count !== 1) {
    throw new Error(
      `the renderer wrote the image digest of ${service.name} in ${service.environment} ${count} times, but must write it exactly once`,
    );
  }
  return rendered;
}

/** Renders the shared files of an environment. @throws Error if the renderer writes outside `platform/<environment>/` */
export function renderEnvironment(
  renderer: Renderer,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): RenderedFiles {
  const rendered = renderer.environment(environment, services);
  for (const path of rendered.keys()) {
    const file = parseLedgerPath(path);
    if (file?.kind !== 'platform' || file.environment !== environment.name) {
      throw new Error(
        `the renderer wrote ${path} for the environment ${environment.name}, which does not belong to the environment`,
      );
    }
  }
  return rendered;
}

/** Whether two sets of files are identical. */
export function areFilesEqual(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

/** Computes the changes from `before` to `after`. */
export function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FileChanges {
  return {
    files: new Map([...after].filter(([path, text]) => before.get(path) !== text)),
    deletes: [...before.keys()].filter((path) => !after.has(path)),
  };
}

export type ImageReplacement =
  | { readonly ok: true; readonly outputs: RenderedFiles }
  | { readonly ok: false; readonly reason: string };

/**
 * Replaces the image in outputs that this version's renderer did not write. The replacement is textual, so the old digest must occur exactly
 * once.
 */
export function replaceImage(outputs: RenderedFiles, from: ReleaseFile, to: ReleaseFile): ImageReplacement {
  const sameRepository = from.image.split('@')[0] === to.image.split('@')[0];
  const [oldText, newText] = sameRepository ? [releasedDigest(from), releasedDigest(to)] : [from.image, to.image];
  const count = countOccurrences(outputs, oldText);
  return count === 1
    ? { ok: true, outputs: new Map([...outputs].map(([path, text]) => [path, text.replace(oldText, () => newText)])) }
    : { ok: false, reason: `${oldText} occurs ${count} times in them instead of exactly once` };
}

/** Counts how often a text occurs in the files. */
export function countOccurrences(files: ReadonlyMap<string, string>, text: string): number {
  return [...files.values()].reduce((count, content) => count + content.split(text).length - 1, 0);
}
