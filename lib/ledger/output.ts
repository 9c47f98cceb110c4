import type { ServiceInEnvironment } from '../catalog';
import type { EnvironmentFile } from './inputs';
import { isOutputOf, parseLedgerPath } from './layout';
import { type ReleaseFile, releasedDigest } from './release-file';
import type { RenderedFiles, Renderer } from './renderer';
import { filesWhere, type Snapshot } from './snapshot';

/** What has to change in the ledger to get from one set of files to another. */
export interface FileChanges {
  readonly files: ReadonlyMap<string, string>;
  readonly deletes: readonly string[];
}

/** The outputs of one service as they stand. */
export function outputsOf(head: Snapshot, environment: string, service: string): RenderedFiles {
  return filesWhere(head.files, (path) => isOutputOf(path, environment, service));
}

/**
 * Renders one service, and holds the renderer to its word.
 * @throws Error when it writes outside its own paths, or the image digest does not stand exactly once (DESIGN, invariant 4).
 */
export function renderService(renderer: Renderer, service: ServiceInEnvironment, release: ReleaseFile): RenderedFiles {
  const rendered = renderer.service(service, release);
  for (const path of rendered.keys()) {
    if (!isOutputOf(path, service.environment, service.name)) {
      throw new Error(`the renderer wrote ${path} for ${service.name} in ${service.environment}, which is not its own`);
    }
  }
  const count = occurrences(rendered, releasedDigest(release));
  if (count !== 1) {
    throw new Error(
      `the renderer wrote the image digest of ${service.name} in ${service.environment} ${count} times; it has to stand there exactly once`,
    );
  }
  return rendered;
}

/** Renders what an environment's services share. @throws Error when the renderer writes outside `platform/<environment>/`. */
export function renderEnvironment(
  renderer: Renderer,
  environment: EnvironmentFile,
  services: readonly ServiceInEnvironment[],
): RenderedFiles {
  const rendered = renderer.environment(environment, services);
  for (const path of rendered.keys()) {
    const file = parseLedgerPath(path);
    if (file?.kind !== 'platform' || file.environment !== environment.name) {
      throw new Error(`the renderer wrote ${path} for the environment ${environment.name}, which is not its own`);
    }
  }
  return rendered;
}

/** Whether two sets of files are the same, byte for byte. */
export function sameFiles(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): boolean {
  return a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);
}

/** The writes and deletes that turn `before` into `after`. */
export function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FileChanges {
  return {
    files: new Map([...after].filter(([path, text]) => before.get(path) !== text)),
    deletes: [...before.keys()].filter((path) => !after.has(path)),
  };
}

/** Outputs with another image in them. */
export type ImageReplacement =
  | { readonly ok: true; readonly outputs: RenderedFiles }
  | { readonly ok: false; readonly why: string };

/**
 * Puts another image into outputs that this version's renderer did not write: by plain text, and only where it is beyond doubt
 * (the old digest stands there exactly once).
 */
export function replaceImage(outputs: RenderedFiles, from: ReleaseFile, to: ReleaseFile): ImageReplacement {
  const sameRepository = from.image.split('@')[0] === to.image.split('@')[0];
  const [old, next] = sameRepository ? [releasedDigest(from), releasedDigest(to)] : [from.image, to.image];
  const count = occurrences(outputs, old);
  return count === 1
    ? { ok: true, outputs: new Map([...outputs].map(([path, text]) => [path, text.replace(old, () => next)])) }
    : { ok: false, why: `${old} stands ${count} times in them, and not exactly once` };
}

/** How often a text stands in some files. */
export function occurrences(files: ReadonlyMap<string, string>, text: string): number {
  return [...files.values()].reduce((count, content) => count + content.split(text).length - 1, 0);
}
