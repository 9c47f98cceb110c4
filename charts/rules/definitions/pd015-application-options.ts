import { type ApplicationTemplate, findApplications } from '../manifests/applications';
import { findAutoscalers } from '../manifests/autoscalers';
import { findCanaries, findTarget } from '../manifests/canaries';
import type { LocatedObject, Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

const pathsAnnotation = 'argocd.argoproj.io/manifest-generate-paths';

export const applicationOptions: Rule = {
  id: 'PD015',
  title: 'Argo CD keeps the fields of other controllers, and refreshes only on relevant commits',
  why: 'Client-side apply and Replace=true overwrite the fields that Flagger and autoscalers own; both are reported where an Application deploys a Canary or an autoscaler. Replace=true takes precedence over ServerSideApply=true. A sync honors ignoreDifferences only with RespectIgnoreDifferences. A short branch name may be a tag. Without manifest-generate-paths, every commit to a shared repository refreshes every Application.',
  level: 'warning',
  check: (objects) => {
    const managed = [...findCanaries(objects), ...findAutoscalers(objects)];
    return [
      ...findApplications(objects).flatMap((application) =>
        [
          ...checkSyncOptions(
            application,
            managed.find((object) => mayDeploy(application, object, objects)),
          ),
          ...checkRevisions(application),
          ...checkGeneratePaths(application),
        ].map(({ path, message, level }) => ({
          object: application.object,
          path: [...application.base, ...path],
          message,
          level,
        })),
      ),
      ...checkReplacedObjects(objects),
    ];
  },
};

type Problem = Pick<Finding, 'path' | 'message' | 'level'>;

/**
 * @param managed a Canary or an autoscaler that the Application deploys. Without one, the choice between client-side and server-side apply concerns
 * no field of another controller
 */
function checkSyncOptions(application: ApplicationTemplate, managed: LocatedObject | undefined): readonly Problem[] {
  const path = ['spec', 'syncPolicy', 'syncOptions'];
  const options = listOf(application.get(...path)).map(String);
  const problems: Problem[] = [];
  const replaces = options.indexOf('Replace=true');
  if (managed !== undefined && replaces >= 0) {
    problems.push({
      path: [...path, replaces],
      level: 'error',
      message: `Replace=true replaces whole objects at every sync, with the fields that Flagger and autoscalers have set, also of the ${managed.kind} ${managed.name}: remove it`,
    });
  }
  if (managed !== undefined && !options.includes('ServerSideApply=true')) {
    problems.push({
      path,
      message: 'without ServerSideApply=true, a sync overwrites what Flagger and autoscalers have set: add it',
    });
  }
  const ignoresDifferences = application.get('spec', 'ignoreDifferences') !== undefined;
  if (ignoresDifferences && !options.includes('RespectIgnoreDifferences=true')) {
    problems.push({
      path,
      message:
        'without RespectIgnoreDifferences=true, ignoreDifferences hides a difference, and the sync still reverts it: add it',
    });
  }
  return problems;
}

const objectOptions = ['metadata', 'annotations', 'argocd.argoproj.io/sync-options'];

/** The sync option in the annotation of a Canary, its target or an autoscaler. */
function checkReplacedObjects(objects: readonly LocatedObject[]): readonly Finding[] {
  const canaries = findCanaries(objects);
  const targets = canaries.flatMap((canary) => findTarget(canary, objects) ?? []);
  return [...new Set([...canaries, ...targets, ...findAutoscalers(objects)])].flatMap((object): readonly Finding[] => {
    const options = String(object.get(...objectOptions) ?? '').split(',');
    return options.some((option) => option.trim() === 'Replace=true')
      ? [
          {
            object,
            path: objectOptions,
            level: 'error',
            message:
              'Replace=true replaces the object at every sync, with the fields that Flagger and autoscalers have set: remove it',
          },
        ]
      : [];
  });
}

/**
 * Whether an Application may deploy an object. If the folder that it reads is among the files, the object's file must be in it. Otherwise its namespace
 * decides. The values that an ApplicationSet fills in are not in its file. Where one of the two has no namespace either, the Application may deploy
 * what is below its own folder.
 */
function mayDeploy(
  application: ApplicationTemplate,
  object: LocatedObject,
  objects: readonly LocatedObject[],
): boolean {
  const isIn = (folder: string, { file }: LocatedObject) => `/${file}`.includes(`/${folder}/`);
  const folders = gitSources(application)
    .map((source) => String(application.get(...source, 'path') ?? '').split('{{')[0] ?? '')
    .map((path) => path.replace(/^\.?\/|\/$/g, ''))
    .filter((folder) => folder !== '' && folder !== '.');
  if (folders.some((folder) => objects.some((each) => isIn(folder, each)))) {
    return folders.some((folder) => isIn(folder, object));
  }
  const namespace = String(application.get('spec', 'destination', 'namespace') ?? '');
  if (namespace !== '' && namespace === object.namespace) {
    return true;
  }
  const ownFolder = application.object.file.slice(0, application.object.file.lastIndexOf('/') + 1);
  const isOpen = object.namespace === '' || namespace === '' || namespace.includes('{{');
  return isOpen && object.file.startsWith(ownFolder);
}

function checkRevisions(application: ApplicationTemplate): readonly Problem[] {
  return gitSources(application).flatMap((source) => {
    const path = [...source, 'targetRevision'];
    const revision = String(application.get(...path) ?? 'HEAD');
    // The values that an ApplicationSet fills in are not in its file.
    return revision === 'HEAD' || /^refs\/|^[0-9a-f]{40}$|^v?\d+\.\d+|\{\{/.test(revision)
      ? []
      : [
          {
            path,
            message: `${revision} may be a branch or a tag, and a tag with that name takes precedence: use refs/heads/${revision}`,
          },
        ];
  });
}

function checkGeneratePaths(application: ApplicationTemplate): readonly Problem[] {
  const path = ['metadata', 'annotations', pathsAnnotation];
  const readsPath = gitSources(application).some((source) => application.get(...source, 'path') !== undefined);
  return readsPath && application.get(...path) === undefined
    ? [
        {
          path,
          message: `without ${pathsAnnotation}, every commit to the repository renders this Application again: annotate it with the path that it reads`,
        },
      ]
    : [];
}

/** The paths of the sources that are git repositories and not Helm charts. */
function gitSources(application: ApplicationTemplate): readonly Path[] {
  const sources = application.get('spec', 'sources');
  const paths: readonly Path[] =
    sources === undefined ? [['spec', 'source']] : listOf(sources).map((_, index) => ['spec', 'sources', index]);
  return paths.filter(
    (path) => application.get(...path) !== undefined && application.get(...path, 'chart') === undefined,
  );
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
