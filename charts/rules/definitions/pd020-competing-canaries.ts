import { findCanaries, targetName } from '../manifests/canaries';
import { findByKind, listAt } from '../manifests/find-objects';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

export const competingCanaries: Rule = {
  id: 'PD020',
  title: 'A workload has one Canary, and a Canary has one file',
  why: 'Of two Canaries with one name in one namespace, the one that is applied last is in force. Two Canaries with one target scale it, and write its primary and its route, against each other. In different folders, or for different providers, they may belong to different clusters, and it is a warning.',
  level: 'error',
  check: (objects) => {
    const canaries = findCanaries(objects).filter((canary) => canary.name !== '' && isBuilt(canary, objects));
    return canaries.flatMap((canary, index) => {
      for (const other of canaries.slice(0, index)) {
        const finding = compare(canary, other);
        if (finding !== undefined) {
          return [finding];
        }
      }
      return [];
    });
  },
};

function compare(canary: LocatedObject, other: LocatedObject): Finding | undefined {
  if (canary.namespace !== other.namespace || (canary.namespace === '' && folderOf(canary) !== folderOf(other))) {
    return undefined;
  }
  const haveSameName = canary.name === other.name;
  if (!haveSameName && describeTarget(canary) !== describeTarget(other)) {
    return undefined;
  }
  const path: Path = haveSameName ? ['metadata', 'name'] : ['spec', 'targetRef', 'name'];
  const { line } = other.locate(path);
  const place = `${other.file}:${line}`;
  return {
    object: canary,
    path,
    level: areAppliedTogether(canary, other) ? 'error' : 'warning',
    message: haveSameName
      ? `another Canary ${canary.name} in this namespace is at ${place}, and the one that is applied last is in force: keep one of them`
      : `the Canary ${other.name} at ${place} has the target ${describeTarget(canary)} too, and both change it: keep one of them`,
  };
}

function describeTarget(canary: LocatedObject): string {
  return `${String(canary.get('spec', 'targetRef', 'kind') ?? 'Deployment')} ${targetName(canary)}`;
}

/** Documents of one file are, and so are the files of a folder. Files for different meshes are alternatives. */
function areAppliedTogether(a: LocatedObject, b: LocatedObject): boolean {
  return a.file === b.file || (folderOf(a) === folderOf(b) && a.get('spec', 'provider') === b.get('spec', 'provider'));
}

/** Whether the kustomization of its folder, if there is one, has the file of an object among its resources. */
function isBuilt(object: LocatedObject, objects: readonly LocatedObject[]): boolean {
  const kustomization = findByKind(objects, 'Kustomization', 'kustomize.config.k8s.io').find(
    (each) => each.file !== object.file && folderOf(each) === folderOf(object),
  );
  const name = object.file.slice(folderOf(object).length);
  return (
    kustomization === undefined ||
    listAt(kustomization, ['resources']).some((path) => String(path).replace(/^\.\//, '') === name)
  );
}

function folderOf({ file }: LocatedObject): string {
  return file.slice(0, file.lastIndexOf('/') + 1);
}
