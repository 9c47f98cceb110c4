import {
  aws_codepipeline_actions as actions,
  aws_codebuild as codebuild,
  aws_codecommit as codecommit,
  aws_codepipeline as codepipeline,
  aws_s3 as s3,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { pipelinePermissions } from '../iam/pipeline-permissions';
import { requireConnection } from '../iam/source-permissions';
import { platformNames, serviceNames } from '../names';
import { pathGlobs } from '../release-plan/path-patterns';
import { type PlannedAction, type PlannedStep, releasePlan } from '../release-plan/release-plan';
import { bundleHashes } from '../release-plan/step-commands';
import { PushRule } from './push-rule';
import { StepRole } from './step-role';

/** Location in S3 of what a pipeline runs: the command line, and the catalog or the part of it that concerns a service. */
export interface BundleLocation {
  readonly bucket: string;
  readonly key: string;
  /** `folderHash` of the files of the command line. */
  readonly hash: string;
  /** Key of the catalog in the same bucket. */
  readonly catalogKey: string;
  /** `folderHash` of the files of the catalog. */
  readonly catalogHash: string;
}

export interface ReleasePipelineProps {
  readonly platform: Platform;
  readonly service: Service;
  readonly bundle: BundleLocation;
  /** Name of the project of each pipeline step. */
  readonly projects: Readonly<Record<PlannedStep['step'], string>>;
}

/** The CodePipeline of one service. Its stages and actions are those of {@link releasePlan}. */
export class ReleasePipeline extends Construct {
  readonly pipeline: codepipeline.Pipeline;
  readonly role: StepRole;
  readonly source: actions.CodeStarConnectionsSourceAction | actions.CodeCommitSourceAction;
  /** The rule that starts the pipeline, if the source is in CodeCommit. */
  readonly push?: PushRule;
  private readonly artifacts = new Map<string, codepipeline.Artifact>();
  private readonly projects = new Map<string, codebuild.IProject>();
  private assetBucket?: s3.IBucket;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: ReleasePipelineProps,
  ) {
    super(scope, id);
    const { platform, service, bundle } = props;
    const names = serviceNames(platform, service.name);
    this.role = new StepRole(this, 'Role', {
      roleName: names.pipelineRole,
      description: `Runs the release pipeline of ${service.name}`,
      service: 'codepipeline.amazonaws.com',
      usedBy: arnsOf(platform).pipeline(names.pipeline),
      platform,
      permissions: pipelinePermissions({ platform, service, bundle, projects: Object.values(props.projects) }),
    });
    this.source = this.sourceAction();
    this.pipeline = new codepipeline.Pipeline(this, 'Resource', {
      pipelineName: names.pipeline,
      pipelineType: codepipeline.PipelineType.V2,
      // Every commit is released. In the default mode, a later commit supersedes a waiting one.
      executionMode: codepipeline.ExecutionMode.QUEUED,
      crossAccountKeys: false,
      restartExecutionOnUpdate: false,
      artifactBucket: s3.Bucket.fromBucketName(this, 'Artifacts', platformNames(platform).artifactBucket),
      role: this.role.immutableRole,
      usePipelineRoleForActions: true,
      stages: releasePlan(platform, service).map((stage) => ({
        stageName: stage.name,
        actions: stage.actions.map((action, index) =>
          // Source actions run in parallel, all other actions in order.
          this.action(action, stage.name === 'Source' ? 1 : index + 1),
        ),
      })),
    });
    // The pipeline refers to its role, whose policies are inline, so the explicit dependency that the CDK adds is redundant.
    (this.pipeline.node.defaultChild as codepipeline.CfnPipeline).addDeletionOverride('DependsOn');
    const paths = pathGlobs(service);
    if (platform.source.kind === 'codecommit') {
      this.push = new PushRule(this, 'Push', { platform, service, pipeline: this.pipeline });
    } else if (paths.length > 0) {
      // In a repository with several services, a commit releases the services whose paths it changes.
      this.pipeline.addTrigger({
        providerType: codepipeline.ProviderType.CODE_STAR_SOURCE_CONNECTION,
        gitConfiguration: {
          sourceAction: this.source,
          pushFilter: [{ branchesIncludes: [service.source.branch], filePathsIncludes: [...paths] }],
        },
      });
    }
  }

  private sourceAction(): ReleasePipeline['source'] {
    const { platform, service } = this.props;
    const { repository, branch, clone } = service.source;
    const common = {
      actionName: 'Source',
      branch,
      output: this.artifact('Source'),
      variablesNamespace: 'Source',
      // With a clone, the artifact is a reference that only CodeBuild can read: the inputs of build and scan.
      ...(clone === 'full' ? { codeBuildCloneOutput: true } : {}),
      runOrder: 1,
    };
    if (platform.source.kind === 'codecommit') {
      return new actions.CodeCommitSourceAction({
        ...common,
        repository: codecommit.Repository.fromRepositoryName(this, 'Source', repository),
        // PushRule starts the pipeline. The rule that the CDK creates would have its own role.
        trigger: actions.CodeCommitTrigger.NONE,
      });
    }
    const [owner = '', ...names] = repository.split('/');
    return new actions.CodeStarConnectionsSourceAction({
      ...common,
      connectionArn: requireConnection(platform.source),
      owner,
      // GitLab has nested groups.
      repo: names.join('/'),
    });
  }

  private action(action: PlannedAction, runOrder: number): codepipeline.IAction {
    switch (action.kind) {
      case 'source':
        return this.source;
      case 'bundle':
        return new actions.S3SourceAction({
          actionName: action.name,
          bucket: this.assets(),
          bucketKey: action.name === 'Catalog' ? this.props.bundle.catalogKey : this.props.bundle.key,
          output: this.artifact(action.output),
          // A deployment changes bundle and pipeline together, and does not release.
          trigger: actions.S3Trigger.NONE,
          runOrder,
        });
      case 'approval':
        return new actions.ManualApprovalAction({
          actionName: action.name,
          additionalInformation: action.note,
          runOrder,
        });
      case 'step':
        return this.stepAction(action, runOrder);
    }
  }

  private stepAction(action: PlannedStep, runOrder: number): codepipeline.IAction {
    const [input, ...extraInputs] = action.inputs.map((name) => this.artifact(name));
    return new actions.CodeBuildAction({
      actionName: action.name,
      project: this.project(this.props.projects[action.step]),
      input: input as codepipeline.Artifact,
      extraInputs,
      outputs: [this.artifact(action.output)],
      variablesNamespace: action.name,
      environmentVariables: Object.fromEntries(
        Object.entries({ ...bundleHashes(this.props.bundle), ...action.environment }).map(([name, value]) => [
          name,
          { value },
        ]),
      ),
      runOrder,
    });
  }

  private assets(): s3.IBucket {
    this.assetBucket ??= s3.Bucket.fromBucketName(this, 'Assets', this.props.bundle.bucket);
    return this.assetBucket;
  }

  private artifact(name: string): codepipeline.Artifact {
    const artifact = this.artifacts.get(name) ?? new codepipeline.Artifact(name);
    this.artifacts.set(name, artifact);
    return artifact;
  }

  private project(name: string): codebuild.IProject {
    const project = this.projects.get(name) ?? codebuild.Project.fromProjectName(this, `Project-${name}`, name);
    this.projects.set(name, project);
    return project;
  }
}
