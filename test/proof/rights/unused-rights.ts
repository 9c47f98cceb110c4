/** Rights that no local run uses, with the reason why a role has them. */
export interface UnusedRights {
  /** Roles, with `<service>` in place of a name. */
  readonly roles: readonly string[];
  /** Sid of the statement. */
  readonly id: string;
  /** Actions. @default all actions of the statement */
  readonly actions?: readonly string[];
  /** What the resource contains. @default any resource of the statement */
  readonly resource?: string;
  readonly why: string;
}

const builders = ['acme-<service>-build', 'acme-<service>-pr', 'acme-toolbox'];

/** A test fails for an entry that covers no unused right. */
export const unusedRights: readonly UnusedRights[] = [
  {
    roles: ['acme-toolbox'],
    id: 'PushToolbox',
    why: 'no local run builds the toolbox, which needs public registries; its BuildKit pushes with the same requests as that of a build',
  },
  {
    roles: builders,
    id: 'PullBases',
    why: 'the local run takes base images from a registry that stands for the public ones; BuildKit pulls these with the requests with which the scanners pull images',
  },
  {
    roles: builders,
    id: 'FetchBases',
    why: 'ECR fetches an image that is not yet in its cache with the rights of who pulls (https://docs.aws.amazon.com/AmazonECR/latest/userguide/pull-through-cache-iam.html); no local registry has such a cache',
  },
  {
    roles: ['acme-<service>-build'],
    id: 'PushImageAndCache',
    resource: 'repository/acme/cache/',
    why: "on a machine BuildKit's state is the cache, so nothing is exported to the repository for it; the export pushes with the requests of the image",
  },
  {
    roles: ['acme-<service>-pr'],
    id: 'PushScratch',
    why: 'no local run builds pull requests; the requests are those of the build of a release',
  },
  {
    roles: ['acme-scan', 'acme-sign'],
    id: 'PullImages',
    actions: ['ecr:BatchCheckLayerAvailability'],
    why: 'AWS names it for every pull (https://docs.aws.amazon.com/AmazonECR/latest/userguide/repository-policy-examples.html): a client that asks whether a layer exists needs it, and these clients fetch at once',
  },
  {
    roles: ['acme-promote', 'acme-rescan'],
    id: 'PullImagesAndSignatures',
    actions: ['ecr:BatchCheckLayerAvailability'],
    why: 'AWS names it for every pull: a client that asks whether a layer exists needs it, and the clients that verify an image fetch at once',
  },
  {
    roles: ['acme-promote', 'acme-releases'],
    id: 'ReadGitCredential',
    why: 'the ledger of the local run is a folder, which needs no credential; test/steps/gitops runs the login as a GitHub App against a service of the test',
  },
  {
    roles: ['acme-promote'],
    id: 'WriteLedger',
    why: 'the ledger of the local run is a folder; git pulls and pushes CodeCommit with a signed address (https://docs.aws.amazon.com/codecommit/latest/userguide/auth-and-access-control-permissions-reference.html)',
  },
  {
    roles: ['acme-releases'],
    id: 'ReadLedger',
    why: 'the ledger of the local run is a folder; git pulls CodeCommit with a signed address',
  },
  {
    roles: ['acme-scan', 'acme-<service>-build'],
    id: 'ReadSource',
    actions: ['codecommit:GitPull'],
    resource: ':proto',
    why: 'the clone of a submodule: the pipeline of no local run has one',
  },
];
