import { type ApplicationLike, applications } from '../manifests/applications';
import type { Finding, Rule } from '../rule';

const pathsAnnotation = 'argocd.argoproj.io/manifest-generate-paths';

export const applicationOptions: Rule = {
  id: 'PD015',
  title: 'Argo CD leaves to others what is theirs, and looks only when it concerns it',
  why: 'Client-side apply takes back the fields that Flagger and autoscalers own; ignoreDifferences counts at sync only with RespectIgnoreDifferences; a short branch name may be a tag; without manifest-generate-paths every commit of a shared repository refreshes every Application.',
  level: 'warning',
  check: (objects) =>
    applications(objects).flatMap((application) =>
      [...options(application), ...source(application)].map(({ path, message }) => ({
        object: application.object,
        path: [...application.base, ...path],
        message,
      })),
    ),
};

type Told = Pick<Finding, 'path' | 'message'>;

function options(application: ApplicationLike): readonly Told[] {
  const path = ['spec', 'syncPolicy', 'syncOptions'];
  const set = listOf(application.get(...path)).map(String);
  const wanted = [
    { option: 'ServerSideApply=true', when: true, because: 'a sync takes back what Flagger and autoscalers have set' },
    {
      option: 'RespectIgnoreDifferences=true',
      when: application.get('spec', 'ignoreDifferences') !== undefined,
      because: 'ignoreDifferences hides a difference and the sync undoes it all the same',
    },
  ];
  return wanted
    .filter(({ option, when }) => when && !set.includes(option))
    .map(({ option, because }) => ({ path, message: `without ${option} ${because}: add it` }));
}

function source(application: ApplicationLike): readonly Told[] {
  const sources =
    application.get('spec', 'sources') === undefined
      ? [['spec', 'source']]
      : listOf(application.get('spec', 'sources')).map((_, index) => ['spec', 'sources', index]);
  const fromGit = sources.filter(
    (path) => application.get(...path) !== undefined && application.get(...path, 'chart') === undefined,
  );
  const revisions = fromGit.flatMap((path): readonly Told[] => {
    const at = [...path, 'targetRevision'];
    const revision = String(application.get(...at) ?? 'HEAD');
    // What an ApplicationSet fills in, no file here tells.
    return revision === 'HEAD' || /^refs\/|^[0-9a-f]{40}$|^v?\d+\.\d+|\{\{/.test(revision)
      ? []
      : [
          {
            path: at,
            message: `${revision} may be a branch or a tag, and a tag of that name would win: refs/heads/${revision}`,
          },
        ];
  });
  const paths =
    fromGit.some((path) => application.get(...path, 'path') !== undefined) &&
    application.get('metadata', 'annotations', pathsAnnotation) === undefined
      ? [
          {
            path: ['metadata', 'annotations', pathsAnnotation],
            message: `without ${pathsAnnotation} every commit of the repository renders this Application anew: annotate it with the path that it reads`,
          },
        ]
      : [];
  return [...revisions, ...paths];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
