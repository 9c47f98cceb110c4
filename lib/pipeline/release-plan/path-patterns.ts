import { type Service, watchedPaths } from '../../catalog';

/** Path patterns for the trigger of a CodePipeline. Without patterns, every commit starts the pipeline. */
export function pathGlobs(service: Service): readonly string[] {
  return watchedPaths(service).map(({ kind, path }) => (kind === 'folder' ? `${path}/**` : path));
}

/** The same paths for a CodeBuild webhook, as one anchored regular expression. */
export function pathRegExp(service: Service): string | undefined {
  const alternatives = watchedPaths(service).map(
    ({ kind, path }) => `${escapeRegExp(path)}${kind === 'folder' ? '/.*' : ''}`,
  );
  if (alternatives.length === 0) {
    return undefined;
  }
  return alternatives.length === 1 ? `^${alternatives[0]}$` : `^(${alternatives.join('|')})$`;
}

/** Escapes a text, so that a regular expression matches it literally. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
}
