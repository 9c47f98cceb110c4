import { aws_codebuild as codebuild, Duration, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { accept, defaultLogEncryption, toolboxAsBuildImage } from '../accept';
import { arnsOf } from '../iam/arns';
import type { Permission } from '../iam/permission';
import { logGroupName } from '../iam/shared-permissions';
import { type BuildCommands, renderBuildspec } from '../release-plan/buildspec';
import { StepRole } from './step-role';

export interface StepProjectProps {
  readonly platform: Platform;
  readonly projectName: string;
  readonly description: string;
  /** What the project runs. */
  readonly commands: BuildCommands;
  /** An existing role for this project, or name and permissions of a new one. */
  readonly role: StepRole | { readonly roleName: string; readonly permissions: readonly Permission[] };
  /** Whether the container is privileged, which only BuildKit needs. @default false */
  readonly privileged?: boolean;
  /** Size of the build machine. @default small */
  readonly computeType?: codebuild.ComputeType;
  /** @default 20 minutes */
  readonly timeout?: Duration;
}

/** A CodeBuild project that runs one pipeline step with its own role. The buildspec is generated and inline, so a source cannot replace it. */
export class StepProject extends Construct {
  readonly project: codebuild.PipelineProject;
  readonly role: StepRole;
  readonly logGroup: logs.LogGroup;
  /** Name of the project as plain text, for use in other stacks. */
  readonly projectName: string;

  constructor(scope: Construct, id: string, props: StepProjectProps) {
    super(scope, id);
    const { platform, projectName } = props;
    this.projectName = projectName;
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(projectName),
      retention: logs.RetentionDays.ONE_YEAR,
      // The log of a release must outlive its pipeline.
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    accept(this.logGroup, defaultLogEncryption);
    this.role =
      props.role instanceof StepRole
        ? props.role
        : new StepRole(this, 'Role', {
            ...props.role,
            description: props.description,
            service: 'codebuild.amazonaws.com',
            usedBy: arnsOf(platform).project(projectName),
            platform,
          });
    this.project = new codebuild.PipelineProject(this, 'Resource', {
      projectName,
      description: props.description,
      role: this.role.immutableRole,
      buildSpec: codebuild.BuildSpec.fromObjectToYaml(renderBuildspec(props.commands)),
      environment: {
        buildImage:
          platform.toolbox === undefined
            ? codebuild.LinuxBuildImage.STANDARD_7_0
            : codebuild.LinuxBuildImage.fromDockerRegistry(platform.toolbox),
        computeType: props.computeType ?? codebuild.ComputeType.SMALL,
        privileged: props.privileged ?? false,
      },
      logging: { cloudWatch: { logGroup: this.logGroup } },
      grantReportGroupPermissions: false,
      timeout: props.timeout ?? Duration.minutes(20),
      queuedTimeout: Duration.hours(1),
    });
    if (platform.toolbox !== undefined) {
      accept(this.project, toolboxAsBuildImage);
    }
    accept(this.project, {
      nag: ['AwsSolutions-CB4'],
      reason:
        'artifacts contain no secrets, S3 encrypts them, and each step verifies the hash of its input record; a customer managed key would add one more permission to every role',
    });
  }
}
