import { type Service, watchedPaths } from '../../catalog';

/** Patterns of CodePipeline's triggers; none: every commit. */
export function pathGlobs(service: Service): readonly string[] {
  return watchedPaths(service).map(({ kind, path }) => (kind === 'folder' ? `${path}/**` : path));
}

/** The same for CodeBuild's webhooks: one anchored regular expression. */
export function pathRegExp(service: Service): string | undefined {
  const alternatives = watchedPaths(service).map(
    ({ kind, path }) => `${escapeRegExp(path)}${kind === 'folder' ? '/.*' : ''}`,
  );
  return alternatives.length === 0
    ? undefined
    : `^${alternatives.length === 1 ? alternatives[0] : `(${alternatives.join('|')})`}$`;
}

/** A regular expression of nothing but this text. */
export function escapeRegExp(text: string): string {
  return text.replace(/[.+*?^${}()|[\]\\]/g, '\\$&');
}
