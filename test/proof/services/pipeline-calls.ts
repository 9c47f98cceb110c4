import type { PipelineAction } from '../../../lib/local/assembly/read-assembly';
import {
  account,
  arnAt,
  callsOn,
  connectionServices,
  documents,
  findBucket,
  readObject,
  region,
  type ServiceCall,
} from './service-call';

export interface PipelineOfRole {
  readonly name: string;
  readonly role: string;
  readonly actions: readonly PipelineAction[];
}

const bucket = `arn:aws:s3:::acme-artifacts-${account}-${region}`;
const findVersionedBucket = [...findBucket, 's3:GetBucketVersioning'];

/** What CodePipeline does with the role of a pipeline, and CodeBuild with the roles of its projects. */
export function pipelineCalls(
  { name, role, actions }: PipelineOfRole,
  projectRoles: ReadonlyMap<string, string>,
): readonly ServiceCall[] {
  const by = 'CodePipeline';
  // https://docs.aws.amazon.com/codepipeline/latest/userguide/welcome-introducing-artifacts.html: both names are shortened.
  const object = (artifact: string) => `${bucket}/${name.slice(0, 20)}/${artifact.slice(0, 10)}/AbCdEfG`;
  const calls: ServiceCall[] = [
    ...callsOn({ by, role, document: documents.pipelineRole }, findVersionedBucket, bucket),
  ];
  const source = actions.find(({ configuration }) => configuration.OutputArtifactFormat === 'CODEBUILD_CLONE_REF');
  for (const action of actions) {
    const { provider, configuration, inputs, outputs } = action;
    calls.push(...sourceCalls(action, role));
    if (provider === 'CodeBuild') {
      const project = String(configuration.ProjectName);
      const build = { by: 'CodeBuild', role: projectRoles.get(project) ?? '', document: documents.buildRole };
      const start = ['codebuild:BatchGetBuilds', 'codebuild:StartBuild', 'codebuild:StopBuild'];
      calls.push(
        ...callsOn({ by, role, document: documents.startBuild }, start, arnAt('codebuild', `project/${project}`)),
        ...inputs.flatMap((input) => callsOn(build, readObject, object(input))),
        ...outputs.flatMap((output) => callsOn(build, ['s3:PutObject'], object(output))),
        ...callsOn(build, findBucket, bucket),
      );
      if (source !== undefined && inputs.includes(source.outputs[0] ?? '')) {
        calls.push(...cloneCalls(source, build.role));
      }
    }
    // The role of a pipeline moves the artifacts of every action.
    const moving = { by, role, document: documents.pipelineRole };
    calls.push(
      ...[...inputs, ...outputs].flatMap((artifact) =>
        callsOn(moving, [...readObject, 's3:PutObject', 's3:PutObjectAcl'], object(artifact)),
      ),
    );
  }
  return calls;
}

function sourceCalls({ provider, configuration }: PipelineAction, role: string): readonly ServiceCall[] {
  const by = 'CodePipeline';
  switch (provider) {
    case 'CodeStarSourceConnection':
      return useConnection({ by, role, document: documents.connectionSource }, configuration);
    case 'CodeCommit': {
      const actions = [
        'CancelUploadArchive',
        'GetBranch',
        'GetCommit',
        'GetRepository',
        'GetUploadArchiveStatus',
        'UploadArchive',
      ];
      const repository = arnAt('codecommit', String(configuration.RepositoryName));
      const caller = { by, role, document: documents.codeCommitSource };
      return callsOn(
        caller,
        actions.map((action) => `codecommit:${action}`),
        repository,
      );
    }
    case 'S3': {
      const caller = { by, role, document: documents.s3Source };
      const sourceBucket = `arn:aws:s3:::${configuration.S3Bucket}`;
      return [
        ...callsOn(caller, readObject, `${sourceBucket}/${configuration.S3ObjectKey}`),
        ...callsOn(caller, findVersionedBucket, sourceBucket),
      ];
    }
    default:
      return [];
  }
}

/** A build clones the source in place of unpacking an archive. */
function cloneCalls({ provider, configuration }: PipelineAction, role: string): readonly ServiceCall[] {
  const by = 'CodeBuild';
  return provider === 'CodeCommit'
    ? callsOn(
        { by, role, document: documents.cloneCodeCommit },
        ['codecommit:GitPull'],
        arnAt('codecommit', String(configuration.RepositoryName)),
      )
    : useConnection({ by, role, document: documents.cloneConnection }, configuration);
}

function useConnection(
  caller: Pick<ServiceCall, 'by' | 'role' | 'document'>,
  { ConnectionArn, FullRepositoryId }: PipelineAction['configuration'],
): readonly ServiceCall[] {
  return connectionServices.map((service) => ({
    ...caller,
    action: `${service}:UseConnection`,
    resource: String(ConnectionArn),
    context: { [`${service}:FullRepositoryId`]: String(FullRepositoryId) },
  }));
}
