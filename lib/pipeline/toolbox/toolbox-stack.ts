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
import { accept } from '../accept';
import { defaultLogEncryption } from '../constructs/step-project';
import { StepRole } from '../constructs/step-role';
import { arnsOf } from '../iam/arns';
import { logGroupName } from '../iam/shared-permissions';
import { toolboxPermissions } from '../iam/step-permissions';
import { platformNames } from '../names';
import { buildspec } from '../release-plan/buildspec';
import { buildScript, writeToolboxContext, toolboxContext } from './context';

export interface ToolboxStackProps extends StackProps {
  readonly platform: Platform;
}

/**
 * What is deployed first: the project that makes the toolbox, the image that every verb runs in, and the repository that keeps it.
 * It runs in a curated image of CodeBuild, and is started by `bowline bootstrap` alone: nothing that a source does starts it.
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
    // A toolbox that a pipeline names must be there when a build asks for it, so that nothing expires.
    this.repository = new ecr.Repository(this, 'Repository', {
      repositoryName: toolbox.repository,
      imageTagMutability: ecr.TagMutability.IMMUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accept(this.repository, {
      checkov: ['CKV_AWS_136'],
      reason: 'ECR encrypts every image, and the toolbox holds public programs alone',
    });
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(toolbox.project),
      retention: logs.RetentionDays.ONE_YEAR,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accept(this.logGroup, defaultLogEncryption);
    this.role = new StepRole(this, 'Role', {
      roleName: toolbox.role,
      description: 'Makes the toolbox: pushes to its repository, and reads nothing of a release',
      service: 'codebuild.amazonaws.com',
      usedBy: arnsOf(platform).project(toolbox.project),
      account: platform.pipeline.account,
      permissions: toolboxPermissions(platform, { bucket: asset.s3BucketName, key: asset.s3ObjectKey }),
    });
    this.project = new codebuild.CfnProject(this, 'Resource', {
      name: toolbox.project,
      description: 'Makes the image that every verb runs in',
      serviceRole: this.role.role.roleArn,
      source: {
        type: 'S3',
        location: `${asset.s3BucketName}/${asset.s3ObjectKey}`,
        buildSpec: JSON.stringify(buildspec({ steps: [{ run: ['bash', buildScript] }], exports: [] })),
      },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        // Eight processors: the tools take about an hour of one.
        computeType: codebuild.ComputeType.LARGE,
        image: codebuild.LinuxBuildImage.STANDARD_7_0.imageId,
        imagePullCredentialsType: 'CODEBUILD',
        // The Docker daemon of the curated image.
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
    accept(this.project, { nag: ['AwsSolutions-CB4'], reason: 'it has no artifact that a key could encrypt' });
  }
}
