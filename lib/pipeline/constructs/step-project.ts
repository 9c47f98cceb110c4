import { aws_codebuild as codebuild, Duration, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { type Accepted, accept } from '../accept';
import { arnsOf } from '../iam/arns';
import type { Permission } from '../iam/permission';
import { logGroupName } from '../iam/shared-permissions';
import { buildspec, type Steps } from '../release-plan/buildspec';
import { StepRole } from './step-role';

export interface StepProjectProps {
  readonly platform: Platform;
  readonly projectName: string;
  readonly description: string;
  readonly steps: Steps;
  /** A role made for this project elsewhere, or the permissions of one of its own. */
  readonly role: StepRole | { readonly roleName: string; readonly permissions: readonly Permission[] };
  /** Only BuildKit needs it. @default false */
  readonly privileged?: boolean;
  /** @default small */
  readonly computeType?: codebuild.ComputeType;
  /** @default 20 minutes */
  readonly timeout?: Duration;
}

/** Why a log group has no key of its own. */
export const defaultLogEncryption: Accepted = {
  checkov: ['CKV_AWS_158'],
  reason:
    'CloudWatch Logs encrypts every group; verbs write no secret, and a key of our own would be one more thing that a log can be lost by',
};

/** Why a project runs in an image that is none of CodeBuild's. */
export const toolboxImageReason: Accepted = {
  nag: ['AwsSolutions-CB5'],
  reason:
    'verbs run in the toolbox, by its digest and of tools by their checksums: curated images have not all of them, and change from day to day',
};

/**
 * A CodeBuild project that runs one verb, with a role of its own.
 * The buildspec is generated and inline, so a source can't bring its own.
 */
export class StepProject extends Construct {
  readonly project: codebuild.PipelineProject;
  readonly role: StepRole;
  readonly logGroup: logs.LogGroup;
  /** Plain text, also in other stacks. */
  readonly projectName: string;

  constructor(scope: Construct, id: string, props: StepProjectProps) {
    super(scope, id);
    const { platform, projectName } = props;
    this.projectName = projectName;
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(projectName),
      retention: logs.RetentionDays.ONE_YEAR,
      // What a release did is asked for after its pipeline is gone.
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
            account: platform.pipeline.account,
          });
    this.project = new codebuild.PipelineProject(this, 'Resource', {
      projectName,
      description: props.description,
      role: this.role.fixed,
      buildSpec: codebuild.BuildSpec.fromObjectToYaml(buildspec(props.steps)),
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
      accept(this.project, toolboxImageReason);
    }
    accept(this.project, {
      nag: ['AwsSolutions-CB4'],
      reason:
        'artifacts hold no secret, S3 encrypts them, and what they say is held by the hashes that verbs hand on: a key of our own would be one more right for every role',
    });
  }
}
