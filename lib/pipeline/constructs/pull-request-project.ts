import { aws_codebuild as codebuild, Duration, aws_ecr as ecr, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { durationSeconds } from '../../values';
import { accept, defaultLogEncryption, noArtifactEncryption, toolboxAsBuildImage } from '../accept';
import { arnsOf } from '../iam/arns';
import { pullRequestPermissions } from '../iam/pipeline-permissions';
import { logGroupName } from '../iam/shared-permissions';
import { clonesSource, requireConnection } from '../iam/source-permissions';
import { serviceNames } from '../names';
import { renderBuildspec } from '../release-plan/buildspec';
import { escapeRegExp, pathRegExp } from '../release-plan/path-patterns';
import { bundleHashes, pullRequestCommands } from '../release-plan/step-commands';
import { buildAndScanCompute } from './compute';
import type { BundleLocation } from './release-pipeline';
import { StepRole } from './step-role';

/** Which pull requests are built automatically, and through which connection. */
export interface PullRequests {
  /** Account IDs of the authors on the source provider (`gh api users/<name> --jq .id`). Not names, because a name can change its owner. */
  readonly actors: readonly string[];
  /**
   * ARN of a CodeConnections connection that only pull request builds use. Install its app on application repositories only, never on the ledger:
   * CodeBuild clones with a token of the connection, code of the pull request can read the token, and the token reaches every repository of the app.
   */
  readonly connection: string;
}

export interface PullRequestProjectProps extends PullRequests {
  readonly platform: Platform;
  readonly service: Service;
  /** Location of the command line and the catalog. */
  readonly bundle: BundleLocation;
}

/**
 * Builds and scans pull requests, separately from releases. Its role has no access to secrets and artifacts and writes to a scratch repository
 * only, so nothing that a pull request leaves on AWS can reach a release.
 *
 * The project gets one credential, the token of its connection, and unreviewed code can read that token. The connection must therefore differ
 * from the connection of the releases and reach application repositories only. Pull requests from forks wait for a maintainer's comment.
 */
export class PullRequestProject extends Construct {
  readonly project: codebuild.CfnProject;
  readonly role: StepRole;
  readonly logGroup: logs.LogGroup;
  /** Images and layer cache of pull request builds. */
  readonly scratch: ecr.Repository;

  /** @throws Error if an actor is not an account ID, if there is none, or if releases use the connection */
  constructor(scope: Construct, id: string, props: PullRequestProjectProps) {
    super(scope, id);
    const { platform, service, bundle } = props;
    const names = serviceNames(platform, service.name);
    const connection = requireSeparateConnection(props.connection, platform);
    this.scratch = new ecr.Repository(this, 'Scratch', {
      repositoryName: names.scratch,
      imageTagMutability: ecr.TagMutability.MUTABLE,
      imageScanOnPush: true,
      encryption: ecr.RepositoryEncryption.AES_256,
      removalPolicy: RemovalPolicy.DESTROY,
      emptyOnDelete: true,
      lifecycleRules: [{ description: 'old pull requests', maxImageAge: Duration.days(14) }],
    });
    this.logGroup = new logs.LogGroup(this, 'Log', {
      logGroupName: logGroupName(names.pullRequestProject),
      retention: logs.RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    this.role = new StepRole(this, 'Role', {
      roleName: names.pullRequestRole,
      description: `Builds pull requests of ${service.name}: no access to secrets, artifacts and repositories of releases`,
      service: 'codebuild.amazonaws.com',
      usedBy: arnsOf(platform).project(names.pullRequestProject),
      platform,
      permissions: pullRequestPermissions({ platform, service, bundle, connection }),
    });
    const environment = {
      ...bundleHashes(bundle),
      BOWLINE_SERVICE: service.name,
      // No branch: evidence about a pull request is never that of a release.
      BOWLINE_REF: 'refs/pull/head',
      BOWLINE_REPOSITORY: names.scratchRepository,
      BOWLINE_CACHE_REPOSITORY: names.scratchRepository,
      ...(service.build.modules === undefined ? {} : { BOWLINE_MODULE_CREDENTIAL: 'none' }),
    };
    this.project = new codebuild.CfnProject(this, 'Resource', {
      name: names.pullRequestProject,
      description: `Builds and scans pull requests of ${service.name}`,
      serviceRole: this.role.role.roleArn,
      source: {
        type: 'GITHUB',
        location: `https://github.com/${service.source.repository}.git`,
        auth: { type: 'CODECONNECTIONS', resource: connection },
        buildSpec: JSON.stringify(renderBuildspec({ ...pullRequestCommands, gitCredentials: clonesSource(service) })),
        reportBuildStatus: true,
        // Without history, because history can contain removed secrets.
        gitCloneDepth: 1,
        ...(clonesSource(service) ? { gitSubmodulesConfig: { fetchSubmodules: true } } : {}),
      },
      secondarySources: [
        { type: 'S3', sourceIdentifier: 'Bowline', location: `${bundle.bucket}/${bundle.key}` },
        { type: 'S3', sourceIdentifier: 'Catalog', location: `${bundle.bucket}/${bundle.catalogKey}` },
      ],
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: {
        type: 'LINUX_CONTAINER',
        computeType: buildAndScanCompute(service),
        image: platform.toolbox ?? codebuild.LinuxBuildImage.STANDARD_7_0.imageId,
        imagePullCredentialsType: platform.toolbox === undefined ? 'CODEBUILD' : 'SERVICE_ROLE',
        // BuildKit creates namespaces and mounts.
        privilegedMode: true,
        environmentVariables: Object.entries(environment).map(([name, value]) => ({ name, value, type: 'PLAINTEXT' })),
      },
      logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: this.logGroup.logGroupName } },
      timeoutInMinutes: Math.ceil(durationSeconds(service.timeout) / 60),
      queuedTimeoutInMinutes: 60,
      triggers: {
        webhook: true,
        filterGroups: [webhookFilters(service, props.actors)],
        pullRequestBuildPolicy: { requiresCommentApproval: 'FORK_PULL_REQUESTS' },
      },
    });
    accept(this.project, noArtifactEncryption);
    if (platform.toolbox !== undefined) {
      accept(this.project, toolboxAsBuildImage);
    }
    accept(this.logGroup, defaultLogEncryption);
    accept(this.scratch, {
      checkov: ['CKV_AWS_51', 'CKV_AWS_136'],
      reason: 'images of pull requests expire after two weeks and are never deployed; ECR encrypts them',
    });
  }
}

/** Compares connections by the ID at the end of the ARN, because the ARN can begin with either name of the service. */
function requireSeparateConnection(connection: string, platform: Platform): string {
  const id =
    /^arn:[a-z-]+:(?:codeconnections|codestar-connections):[a-z0-9-]+:[0-9]{12}:connection\/([0-9a-f-]{36})$/.exec(
      connection,
    )?.[1];
  if (id === undefined) {
    throw new Error(`\`pullRequests.connection\` must be the ARN of a CodeConnections connection, got: ${connection}`);
  }
  if (requireConnection(platform.source).endsWith(`/${id}`)) {
    throw new Error(
      `\`pullRequests.connection\` must differ from the connection of the releases (\`source.connection\` of the platform), got: ${connection}. Unreviewed code can read its token: create a connection whose app is installed on application repositories only, never on the ledger`,
    );
  }
  return connection;
}

function webhookFilters(service: Service, actors: readonly string[]): codebuild.CfnProject.WebhookFilterProperty[] {
  const invalidActors = actors.filter((actor) => !/^[1-9][0-9]{0,18}$/.test(actor));
  if (actors.length === 0 || invalidActors.length > 0) {
    throw new Error(
      `\`pullRequests.actors\` must be at least one account ID, and only account IDs (numbers), got: ${JSON.stringify(actors.length === 0 ? actors : invalidActors)}`,
    );
  }
  const filters = [
    { type: 'EVENT', pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED' },
    { type: 'BASE_REF', pattern: `^refs/heads/${escapeRegExp(service.source.branch)}$` },
    // Without both anchors, the pattern would match every longer number that contains a trusted one.
    { type: 'ACTOR_ACCOUNT_ID', pattern: `^(${[...actors].sort().join('|')})$` },
  ];
  const paths = pathRegExp(service);
  if (paths !== undefined) {
    filters.push({ type: 'FILE_PATH', pattern: paths });
  }
  return filters;
}
