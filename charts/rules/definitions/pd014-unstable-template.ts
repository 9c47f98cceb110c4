import { canaries, findTarget, listAt, mapAt } from '../manifests/canaries';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const unstableTemplate: Rule = {
  id: 'PD014',
  title: 'A pod template changes with the release, and comes back with it',
  why: 'Flagger knows that a release was taken back by a pod template that is byte for byte the promoted one. A commit or a time in it makes going back a new release with a canary of its own; an image by tag may be another tomorrow.',
  level: 'error',
  check: (objects) =>
    canaries(objects).flatMap((canary) => {
      const target = findTarget(canary, objects);
      return target === undefined || target.get('spec', 'template') === undefined
        ? []
        : [...stamps(target), ...imagesByTag(target)];
    }),
};

const template: Path = ['spec', 'template'];

function stamps(target: LocatedObject): readonly Finding[] {
  const maps = [
    [...template, 'metadata', 'annotations'],
    [...template, 'metadata', 'labels'],
  ].flatMap((path) =>
    Object.entries(mapAt(target, path)).map(([name, value]) => ({ path: [...path, name], name, value })),
  );
  const variables = containers(target).flatMap((container) =>
    listAt(target, [...container, 'env']).map((_, index) => {
      const path = [...container, 'env', index];
      return {
        path: [...path, 'value'],
        name: String(target.get(...path, 'name')),
        value: target.get(...path, 'value'),
      };
    }),
  );
  return [...maps, ...variables].flatMap(({ path, name, value }) => {
    const what = stampIn(value);
    const level = what === undefined ? undefined : levelOf(what, name, path);
    return what === undefined || level === undefined
      ? []
      : [
          {
            object: target,
            path,
            level,
            message: `${name}: ${String(value)} ${level === 'error' ? 'is' : 'looks like'} ${what}: ${level === 'error' ? 'going' : 'if it changes with each release, going'} back to the release before would be a release of its own. Keep it out of the pod template; the Deployment's own annotations may have it.`,
          },
        ];
  });
}

type Stamp = 'a commit' | 'a time';

function stampIn(value: unknown): Stamp | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (/^[0-9a-f]{40}$/.test(text)) {
    return 'a commit';
  }
  return /^1[5-9]\d{8}(?:\d{3})?$/.test(text) || /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? 'a time' : undefined;
}

/** Names of what a build or a deployment writes. */
const ofRelease = /build|built|deployed|restarted|generated|stamp|commit|revision|git.?(?:sha|ref|hash)/i;

/**
 * Only what a build writes changes with each release. A time in a variable is configuration, such as the day of a cutover; anything else by
 * another name may be either.
 */
function levelOf(what: Stamp, name: string, path: Path): Finding['level'] {
  if (ofRelease.test(name)) {
    return 'error';
  }
  return what === 'a time' && path.at(-1) === 'value' ? undefined : 'warning';
}

function imagesByTag(target: LocatedObject): readonly Finding[] {
  return containers(target).flatMap((container) => {
    const path = [...container, 'image'];
    const image = target.get(...path);
    return typeof image !== 'string' || image === '' || /@sha256:[0-9a-f]{64}$/.test(image)
      ? []
      : [
          {
            object: target,
            path,
            level: 'warning' as const,
            message: `${image} is a tag, which may be another image tomorrow, and for one replica and not for the next: name it by digest (@sha256:…)`,
          },
        ];
  });
}

function containers(target: LocatedObject): readonly Path[] {
  return ['initContainers', 'containers'].flatMap((list) => {
    const path = [...template, 'spec', list];
    return listAt(target, path).map((_, index) => [...path, index]);
  });
}
