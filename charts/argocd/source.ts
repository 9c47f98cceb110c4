/** A folder of plain YAML files in a git repository. */
export interface GitSource {
  /** URL of the repository. */
  readonly repository: string;
  readonly branch: string;
  /** Path of the folder, relative to the root of the repository. */
  readonly path: string;
  /** The files of the folder to apply. @default all */
  readonly files?: { readonly only: readonly string[] } | { readonly allBut: readonly string[] };
}

/** A Helm chart at one version, with its values. */
export interface HelmSource {
  /** URL of the chart repository. */
  readonly repository: string;
  readonly chart: string;
  /** An exact version: with a range, two syncs of the same commit could differ. */
  readonly version: string;
  /** Name of the Helm release. Charts derive names and labels from it, and Argo CD would default it to the name of the Application. */
  readonly release: string;
  readonly values: object;
}

/** The source of the objects of an Application. */
export class Source {
  /** A folder of a git repository. Argo CD refreshes the Application only for commits that change the folder. */
  static git({ repository, branch, path, files }: GitSource): Source {
    return new Source(
      {
        repoURL: repository,
        targetRevision: `refs/heads/${branch}`,
        path,
        directory: files === undefined ? undefined : directoryFilter(files),
      },
      { 'argocd.argoproj.io/manifest-generate-paths': `/${path}` },
    );
  }

  /** A Helm chart. @throws Error if the version is not exact */
  static helm({ repository, chart, version, release, values }: HelmSource): Source {
    if (!/^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$/.test(version)) {
      throw new Error(
        `'version' must be exact, for example 1.44.0, because with a range two syncs of the same commit could differ, got: ${version}`,
      );
    }
    return new Source({
      repoURL: repository,
      chart,
      targetRevision: version,
      helm: { releaseName: release, valuesObject: values },
    });
  }

  private constructor(
    /** The field `spec.source` of an Application. */
    readonly spec: object,
    /** Annotations that an Application with this source needs. */
    readonly annotations: Readonly<Record<string, string>> = {},
  ) {}
}

/** Globs in the syntax of Argo CD (https://argo-cd.readthedocs.io/en/stable/user-guide/directory/). */
function directoryFilter(files: NonNullable<GitSource['files']>): object {
  const glob = (names: readonly string[]) => `{${names.join(',')}}`;
  return 'only' in files ? { include: glob(files.only) } : { exclude: glob(files.allBut) };
}
