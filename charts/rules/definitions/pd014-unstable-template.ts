import { findCanaries, findTarget } from '../manifests/canaries';
import { listAt, mapAt } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Level, Rule } from '../rule';

export const unstableTemplate: Rule = {
  id: 'PD014',
  title: 'A pod template changes only with the release, and a rollback restores it',
  why: 'Flagger recognizes a rollback by a pod template that is byte for byte the promoted one. A commit or a time in the template turns a rollback into a new release with its own canary. An image with a tag and no digest can change when the tag moves.',
  level: 'error',
  check: (objects) =>
    findCanaries(objects).flatMap((canary) => {
      const target = findTarget(canary, objects);
      return target === undefined || target.get('spec', 'template') === undefined
        ? []
        : [...findStamps(target), ...findImagesByTag(target)];
    }),
};

const template: Path = ['spec', 'template'];

/** Finds commits and times in annotations, labels and environment variables. */
function findStamps(target: LocatedObject): readonly Finding[] {
  const metadata = [
    [...template, 'metadata', 'annotations'],
    [...template, 'metadata', 'labels'],
  ].flatMap((path) =>
    Object.entries(mapAt(target, path)).map(([name, value]) => ({ path: [...path, name], name, value })),
  );
  const variables = containerPaths(target).flatMap((container) =>
    listAt(target, [...container, 'env']).map((_, index) => {
      const path = [...container, 'env', index];
      return {
        path: [...path, 'value'],
        name: String(target.get(...path, 'name')),
        value: target.get(...path, 'value'),
      };
    }),
  );
  return [...metadata, ...variables].flatMap(({ path, name, value }): readonly Finding[] => {
    const stamp = classifyStamp(value);
    const level = stamp === undefined ? undefined : levelOf(stamp, name, path);
    if (stamp === undefined || level === undefined) {
      return [];
    }
    const effect =
      level === 'error'
        ? `is ${stamp}: a rollback to the previous release would be a new release`
        : `looks like ${stamp}: if it changes with each release, a rollback to the previous one would be a new release`;
    return [
      {
        object: target,
        path,
        level,
        message: `${name}: ${String(value)} ${effect}. Move it out of the pod template, for example to the annotations of the Deployment`,
      },
    ];
  });
}

type Stamp = 'a commit' | 'a time';

function classifyStamp(value: unknown): Stamp | undefined {
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : '';
  if (/^[0-9a-f]{40}$/.test(text)) {
    return 'a commit';
  }
  return /^1[5-9]\d{8}(?:\d{3})?$/.test(text) || /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) ? 'a time' : undefined;
}

/** Names of values that a build or a deployment writes. */
const releaseNames = /build|built|deployed|restarted|generated|stamp|commit|revision|git.?(?:sha|ref|hash)/i;

/**
 * Only what a build writes changes with each release. A time in a variable is configuration, such as the day of a cutover; other names may be
 * either.
 */
function levelOf(stamp: Stamp, name: string, path: Path): Level | undefined {
  if (releaseNames.test(name)) {
    return 'error';
  }
  return stamp === 'a time' && path.at(-1) === 'value' ? undefined : 'warning';
}

function findImagesByTag(target: LocatedObject): readonly Finding[] {
  return containerPaths(target).flatMap((container): readonly Finding[] => {
    const path = [...container, 'image'];
    const image = target.get(...path);
    return typeof image !== 'string' || image === '' || /@sha256:[0-9a-f]{64}$/.test(image)
      ? []
      : [
          {
            object: target,
            path,
            level: 'warning',
            message: `${image} has no digest, and its tag can move, so replicas may run different images: use a digest (@sha256:…)`,
          },
        ];
  });
}

function containerPaths(target: LocatedObject): readonly Path[] {
  return ['initContainers', 'containers'].flatMap((list) => {
    const path = [...template, 'spec', list];
    return listAt(target, path).map((_, index) => [...path, index]);
  });
}
