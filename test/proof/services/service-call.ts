/** A call that a service of AWS makes by itself with a role of Bowline: no program of a job makes it, so no proxy sees it. */
export interface ServiceCall {
  readonly by: string;
  /** Name of the role. */
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
  /** Page that says so. */
  readonly document: string;
}

export const account = '111111111111';
export const region = 'eu-west-1';

/** An ARN in the account and region of the tests. */
export function arnAt(service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${account}:${resource}`;
}

const guide = 'https://docs.aws.amazon.com';

export const documents = {
  buildRole: `${guide}/codebuild/latest/userguide/setting-up-service-role.html`,
  buildImage: `${guide}/codebuild/latest/userguide/sample-ecr.html`,
  buildConnection: `${guide}/codebuild/latest/userguide/connections-github-app.html`,
  cloneConnection: `${guide}/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-connections`,
  cloneCodeCommit: `${guide}/codepipeline/latest/userguide/troubleshooting.html#codebuild-role-codecommitclone`,
  startBuild: `${guide}/codepipeline/latest/userguide/action-reference-CodeBuild.html`,
  s3Source: `${guide}/codepipeline/latest/userguide/action-reference-S3.html`,
  connectionSource: `${guide}/codepipeline/latest/userguide/action-reference-CodestarConnectionSource.html`,
  codeCommitSource: `${guide}/codepipeline/latest/userguide/action-reference-CodeCommit.html`,
  pipelineRole: `${guide}/codepipeline/latest/userguide/how-to-custom-role.html`,
  rule: `${guide}/eventbridge/latest/userguide/eb-events-iam-roles.html`,
  login: `${guide}/AmazonECR/latest/userguide/registry_auth.html`,
} as const;

/** Both names under which AWS checks a connection. */
export const connectionServices = ['codeconnections', 'codestar-connections'] as const;
export const readObject = ['s3:GetObject', 's3:GetObjectVersion'] as const;
export const findBucket = ['s3:GetBucketAcl', 's3:GetBucketLocation'] as const;

/** Calls about several actions on one resource. */
export function callsOn(
  caller: Pick<ServiceCall, 'by' | 'role' | 'document'>,
  actions: readonly string[],
  resource: string,
): readonly ServiceCall[] {
  return actions.map((action) => ({ ...caller, action, resource }));
}
