/** A folder of plain YAML in git. */
export interface GitSource {
  readonly repository: string;
  readonly branch: string;
  readonly path: string;
  /** Which files of the folder. @default all */
  readonly files?: { readonly only: readonly string[] } | { readonly allBut: readonly string[] };
}

/** A chart at one version, with its values. */
export interface HelmSource {
  readonly repository: string;
  readonly chart: string;
  /** Exact: a range would let two syncs of one commit differ. */
  readonly version: string;
  /** Name of the Helm release: the chart makes names and labels of it. Without one Argo CD takes the Application's name. */
  readonly release: string;
  readonly values: object;
}

/** Where the objects of an Application come from. */
export class Source {
  /** Out of git. A commit that does not touch the folder does not refresh the Application. */
  static git({ repository, branch, path, files }: GitSource): Source {
    return new Source(
      {
        repoURL: repository,
        targetRevision: `refs/heads/${branch}`,
        path,
        ...(files === undefined ? {} : { directory: directoryOf(files) }),
      },
      { 'argocd.argoproj.io/manifest-generate-paths': `/${path}` },
    );
  }

  /** Out of a Helm chart. */
  static helm({ repository, chart, version, release, values }: HelmSource): Source {
    if (!/^v?[0-9]+\.[0-9]+\.[0-9]+(?:[-+][0-9A-Za-z.+-]+)?$/.test(version)) {
      throw new Error(
        `'version' (${version}) must be exact, such as 1.44.0: a range would let two syncs of one commit differ`,
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
    /** As an Application has it. */
    readonly spec: object,
    /** What an Application from here says about itself. */
    readonly annotations: Readonly<Record<string, string>> = {},
  ) {}
}

/** Files as Argo CD names several (https://argo-cd.readthedocs.io/en/stable/user-guide/directory/). */
function directoryOf(files: NonNullable<GitSource['files']>): object {
  const oneOf = (names: readonly string[]) => `{${names.join(',')}}`;
  return 'only' in files ? { include: oneOf(files.only) } : { exclude: oneOf(files.allBut) };
}
