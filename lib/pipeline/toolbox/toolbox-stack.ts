import {
  aws_s3_assets as assets,
  aws_codebuild as codebuild,
  aws_ecr as ecr,
  aws_logs as logs,
  RemovalPolicy,
  Stack,
  type StackProps,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { accept, defaultLogEncryption, noArtifactEncryption } from '../accept';
import { StepRole } from '../constructs/step-role';
import { arnsOf } from '../iam/arns';
import { logGroupName } from '../iam/shared-permissions';
import { toolboxPermissions } from '../iam/step-permissions';
import { platformNames } from '../names';
import { renderBuildspec } from '../release-plan/buildspec';
import { buildScript, toolboxContext, writeToolboxContext } from './context';

export interface ToolboxStackProps extends StackProps {
  readonly platform: Platform;
}

/**
 * The first stack of a deployment: the project that builds the toolbox (the image in which every pipeline step runs), and its repository.
 * The project runs in a curated CodeBuild image. Only `bowline bootstrap` starts it; no change of an application repository does.
 */
export class ToolboxStack extends Stack {
  readonly repository: ecr.Repository;
  readonly project: codebuild.CfnProject;
  readonly role: StepRole;
  readonly logGroup: logs.LogGroup;

  constructor(scope: Construct, id: string, props: ToolboxStackProps) {
    super(scope, id, props);
    const { platform } = props;
    const { toolbox } = platformNames(platform);
    const context = toolboxContext(platform.bases.builder);
    const asset = new assets.Asset(this, 'Context', { path: writeToolboxContext(context), assetHash: context.hash });
    // Images do not expire, because pipelines name a toolbox by digest for as long as the catalog does.
    this.repository = new ecr.Repository(this, 'Repository', {
      repositoryName: toolbox.repository,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accept(this.repository, {
      checkov: ['CKV_AWS_136'],
      reason: 'ECR encrypts every image, and the toolbox contains public programs only',
    });
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(toolbox.project),
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accept(this.logGroup, defaultLogEncryption);
    this.role = new StepRole(this, 'Role', {
      roleName: toolbox.role,
      description: 'Builds the toolbox: pushes to its repository, and has no access to releases',
      service: 'codebuild.amazonaws.com',
      usedBy: arnsOf(platform).project(toolbox.project),
      platform,
      permissions: toolboxPermissions(platform, { bucket: asset.s3BucketName, key: asset.s3ObjectKey }),
    });
    this.project = new codebuild.CfnProject(this, 'Resource', {
      name: toolbox.project,
      description: 'Builds the image in which every pipeline step runs',
      serviceRole: this.role.role.roleArn,
      source: {
        type: 'S3',
        location: `${asset.s3BucketName}/${asset.s3ObjectKey}`,
        buildSpec: JSON.stringify(renderBuildspec({ commands: [{ run: ['bash', buildScript] }], exports: [] })),
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        // Eight CPUs: compiling the tools takes about one CPU hour.
        computeType: codebuild.ComputeType.LARGE,
        image: codebuild.LinuxBuildImage.STANDARD_7_0.imageId,
        imagePullCredentialsType: 'CODEBUILD',
        // Required by the Docker daemon of the curated image.
        privilegedMode: true,
        environmentVariables: [
          {
            name: 'TOOLBOX_IMAGE',
            value: `${toolbox.image}:${context.tag}`,
            type: 'PLAINTEXT',
          },
        ],
      },
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: this.logGroup.logGroupName } },
      timeoutInMinutes: 120,
      queuedTimeoutInMinutes: 60,
    });
    accept(this.project, noArtifactEncryption);
  }
}
