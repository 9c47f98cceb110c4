/** A call of an AWS API, as CloudTrail records it. */
export interface TamperCall {
  /** Name of the service in `source`, without the prefix `aws.`. */
  readonly service: 'codebuild' | 'codepipeline' | 'iam';
  readonly name: string;
  readonly parameters: object;
}

const region = 'eu-west-1:111111111111';

/** Calls that run something with the role of a project, or arrange for it. */
export function projectUseCalls(project: string): readonly TamperCall[] {
  const call = (name: string, parameters: object): TamperCall => ({ service: 'codebuild', name, parameters });
  const arn = `arn:aws:codebuild:${region}:project/${project}`;
  const overrides = { buildspecOverride: 'version: 0.2' };
  return [
    call('StartBuild', { projectName: project, ...overrides }),
    call('StartBuild', { projectName: arn, ...overrides }),
    call('StartBuildBatch', { projectName: project, ...overrides }),
    call('StartSandbox', { projectName: project }),
    call('StartSandbox', { projectName: arn }),
    call('RetryBuild', { id: `${project}:0a1b` }),
    call('RetryBuildBatch', { id: `${project}:0a1b` }),
    call('CreateWebhook', { projectName: project }),
    call('UpdateWebhook', { projectName: project }),
  ];
}

/** Calls that change what a project runs, or who sees its output. */
export function projectChangeCalls(project: string): readonly TamperCall[] {
  const source = { type: 'NO_SOURCE', buildspec: 'true' };
  return [
    { service: 'codebuild', name: 'CreateProject', parameters: { name: project, source } },
    { service: 'codebuild', name: 'UpdateProject', parameters: { name: project, source } },
    { service: 'codebuild', name: 'DeleteProject', parameters: { name: project } },
    {
      service: 'codebuild',
      name: 'UpdateProjectVisibility',
      parameters: { projectArn: `arn:aws:codebuild:${region}:project/${project}`, projectVisibility: 'PUBLIC_READ' },
    },
  ];
}

/** Calls that make a pipeline run something else than it usually does, or pass over what it waits for. */
export function pipelineCalls(pipeline: string): readonly TamperCall[] {
  const call = (name: string, parameters: object): TamperCall => ({ service: 'codepipeline', name, parameters });
  const revision = (actionName: string, revisionType: string) => ({ actionName, revisionType, revisionValue: 'x' });
  return [
    call('StartPipelineExecution', { name: pipeline, sourceRevisions: [revision('Source', 'COMMIT_ID')] }),
    call('StartPipelineExecution', {
      name: pipeline,
      sourceRevisions: [revision('Source', 'COMMIT_ID'), revision('Bowline', 'S3_OBJECT_KEY')],
    }),
    call('RollbackStage', { pipelineName: pipeline, stageName: 'Rescan' }),
    call('OverrideStageCondition', { pipelineName: pipeline, stageName: 'Rescan' }),
    call('PutActionRevision', { pipelineName: pipeline, stageName: 'Source' }),
    call('PutWebhook', { webhook: { targetPipeline: pipeline } }),
  ];
}

/** Calls that change the definition of a pipeline. */
export function pipelineChangeCalls(pipeline: string): readonly TamperCall[] {
  return [
    { service: 'codepipeline', name: 'CreatePipeline', parameters: { pipeline: { name: pipeline } } },
    { service: 'codepipeline', name: 'UpdatePipeline', parameters: { pipeline: { name: pipeline } } },
    { service: 'codepipeline', name: 'DeletePipeline', parameters: { name: pipeline } },
  ];
}

/** Calls that change who uses a role, and what it may do. */
export function roleChangeCalls(role: string): readonly TamperCall[] {
  return [
    'AttachRolePolicy',
    'CreateRole',
    'DeleteRole',
    'DeleteRolePermissionsBoundary',
    'DeleteRolePolicy',
    'DetachRolePolicy',
    'PutRolePermissionsBoundary',
    'PutRolePolicy',
    'UpdateAssumeRolePolicy',
  ].map((name) => ({ service: 'iam', name, parameters: { roleName: role } }));
}
