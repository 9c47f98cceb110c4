import { type ApplicationTemplate, findApplications } from '../manifests/applications';
import type { Path } from '../manifests/objects';
import type { Finding, Rule } from '../rule';

const pathsAnnotation = 'argocd.argoproj.io/manifest-generate-paths';

export const applicationOptions: Rule = {
  id: 'PD015',
  title: 'Argo CD keeps the fields of other controllers, and refreshes only on relevant commits',
  why: 'Client-side apply overwrites the fields that Flagger and autoscalers own. A sync honors ignoreDifferences only with RespectIgnoreDifferences. A short branch name may be a tag. Without manifest-generate-paths, every commit to a shared repository refreshes every Application.',
  level: 'warning',
  check: (objects) =>
    findApplications(objects).flatMap((application) =>
      [...checkSyncOptions(application), ...checkRevisions(application), ...checkGeneratePaths(application)].map(
        ({ path, message }) => ({
          object: application.object,
          path: [...application.base, ...path],
          message,
        }),
      ),
    ),
};

type Problem = Pick<Finding, 'path' | 'message'>;

function checkSyncOptions(application: ApplicationTemplate): readonly Problem[] {
  const path = ['spec', 'syncPolicy', 'syncOptions'];
  const options = listOf(application.get(...path)).map(String);
  const problems: Problem[] = [];
  if (!options.includes('ServerSideApply=true')) {
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
