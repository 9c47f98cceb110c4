import { aws_codebuild as codebuild, Duration, aws_ecr as ecr, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { durationSeconds } from '../../values';
import { accept } from '../accept';
import { arnsOf } from '../iam/arns';
import { logGroupName } from '../iam/shared-permissions';
import { requireConnection, pullRequestPermissions } from '../iam/pipeline-permissions';
import { serviceNames } from '../names';
import { buildspec } from '../release-plan/buildspec';
import { escapeRegExp, pathRegExp } from '../release-plan/path-patterns';
import { pullRequestCommands } from '../release-plan/step-commands';
import type { BundleLocation } from './release-pipeline';
import { toolboxImageReason, defaultLogEncryption } from './step-project';
import { StepRole } from './step-role';

/** Whose pull requests are built without being asked for. */
export interface PullRequests {
  /** Account numbers on the source provider (`gh api users/<name> --jq .id`), not names: a name can change hands. */
  readonly actors: readonly string[];
  /**
   * ARN of a CodeConnections connection for pull requests alone, of an app that is installed on application repositories only, never on the
   * ledger: CodeBuild clones by its token, which the code of a pull request can get as well, and a token leads wherever its app may go.
   */
  readonly connection: string;
}

export interface PullRequestProjectProps extends PullRequests {
  readonly platform: Platform;
  readonly service: Service;
  readonly bundle: BundleLocation;
}

/**
 * Builds and scans pull requests, apart from releases: its role reads no secret of ours and no artifact, and writes to a scratch repository alone,
 * so that nothing it leaves on AWS can come into a release. It gets one credential, the token of its connection, which unreviewed code beside it
 * can take: so that connection is another than the releases', and must lead to application repositories alone. Forks wait for a maintainer's
 * comment.
 */
export class PullRequestProject extends Construct {
  readonly project: codebuild.CfnProject;
  readonly role: StepRole;
  readonly logGroup: logs.LogGroup;
  /** Images and layer cache of pull requests. */
  readonly scratch: ecr.Repository;

  /** @throws Error for an actor that is no number, or none at all; for a connection that releases use */
  constructor(scope: Construct, id: string, props: PullRequestProjectProps) {
    super(scope, id);
    const { platform, service, bundle } = props;
    const names = serviceNames(platform, service.name);
    const connection = apartFromReleases(props.connection, platform);
    this.scratch = new ecr.Repository(this, 'Scratch', {
      repositoryName: names.scratch,
      imageTagMutability: ecr.TagMutability.MUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
      lifecycleRules: [{ description: 'pull requests of the past', maxImageAge: Duration.days(14) }],
    });
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(names.pullRequestProject),
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.role = new StepRole(this, 'Role', {
      roleName: names.pullRequestRole,
      description: `Builds pull requests of ${service.name}: no secret, no artifact, no repository of a release`,
      service: 'codebuild.amazonaws.com',
      usedBy: arnsOf(platform).project(names.pullRequestProject),
      account: platform.pipeline.account,
      permissions: pullRequestPermissions(platform, service, bundle, connection),
    });
    const environment = {
      BOWLINE_SERVICE: service.name,
      BOWLINE_REPOSITORY: names.scratchRepository,
      BOWLINE_CACHE_REPOSITORY: names.scratchRepository,
    };
    this.project = new codebuild.CfnProject(this, 'Resource', {
      name: names.pullRequestProject,
      description: `Builds and scans pull requests of ${service.name}`,
      serviceRole: this.role.role.roleArn,
      source: {
        type: 'GITHUB',
        location: `https://github.com/${service.source.repository}.git`,
        auth: { type: 'CODECONNECTIONS', resource: connection },
        buildSpec: JSON.stringify(buildspec(pullRequestCommands)),
        reportBuildStatus: true,
        // The tree alone: history could hold what was taken out of it.
        gitCloneDepth: 1,
      },
      secondarySources: [{ type: 'S3', sourceIdentifier: 'Bowline', location: `${bundle.bucket}/${bundle.key}` }],
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        computeType: 'BUILD_GENERAL1_SMALL',
        image: platform.toolbox ?? codebuild.LinuxBuildImage.STANDARD_7_0.imageId,
        imagePullCredentialsType: platform.toolbox === undefined ? 'CODEBUILD' : 'SERVICE_ROLE',
        // BuildKit makes namespaces and mounts.
        privilegedMode: true,
        environmentVariables: Object.entries(environment).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
      },
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: this.logGroup.logGroupName } },
      timeoutInMinutes: Math.ceil(durationSeconds(service.timeout) / 60),
      queuedTimeoutInMinutes: 60,
      triggers: {
        webhook: true,
        filterGroups: [filters(service, props.actors)],
        pullRequestBuildPolicy: { requiresCommentApproval: 'FORK_PULL_REQUESTS' },
      },
    });
    accept(this.project, { nag: ['AwsSolutions-CB4'], reason: 'it has no artifact that a key could encrypt' });
    if (platform.toolbox !== undefined) {
      accept(this.project, toolboxImageReason);
    }
    accept(this.logGroup, defaultLogEncryption);
    accept(this.scratch, {
      checkov: ['CKV_AWS_51', 'CKV_AWS_136'],
      reason: 'what pull requests leave is thrown away after two weeks, and is never deployed; ECR encrypts it',
    });
  }
}

/** A connection is known by the id at the end of its ARN, which can begin by either of the service's names. */
function apartFromReleases(connection: string, platform: Platform): string {
  const id =
    /^arn:[a-z-]+:(?:codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/([0-9a-f-]{36})$/.exec(
      connection,
    )?.[1];
  if (id === undefined) {
    throw new Error(`\`pullRequests.connection\` must be the ARN of a CodeConnections connection, got: ${connection}`);
  }
  if (requireConnection(platform.source).endsWith(`/${id}`)) {
    throw new Error(
      `\`pullRequests.connection\` must be another than the releases' (\`source.connection\` of the platform), got: ${connection}. Code that nobody has reviewed can get its token: make one whose app is installed on application repositories alone, never on the ledger`,
    );
  }
  return connection;
}

function filters(service: Service, actors: readonly string[]): codebuild.CfnProject.WebhookFilterProperty[] {
  const wrong = actors.filter((actor) => !/^[1-9][0-9]{0,18}$/.test(actor));
  if (actors.length === 0 || wrong.length > 0) {
    throw new Error(
      `\`pullRequests.actors\` must be account numbers, at least one, got: ${JSON.stringify(wrong.length > 0 ? wrong : actors)}`,
    );
  }
  const paths = pathRegExp(service);
  return [
    { type: 'EVENT', pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED' },
    { type: 'BASE_REF', pattern: `^refs/heads/${escapeRegExp(service.source.branch)}$` },
    // Numbers grow: without both anchors, some later number contains a trusted one.
    { type: 'ACTOR_ACCOUNT_ID', pattern: `^(${[...actors].sort().join('|')})$` },
    ...(paths === undefined ? [] : [{ type: 'FILE_PATH', pattern: paths }]),
  ];
}
