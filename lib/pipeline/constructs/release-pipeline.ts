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
import { requireConnection, pipelinePermissions } from '../iam/pipeline-permissions';
import { platformNames, serviceNames } from '../names';
import { pathGlobs } from '../release-plan/path-patterns';
import { type PlannedAction, type PlannedStep, releasePlan } from '../release-plan/release-plan';
import { PushRule } from './push-rule';
import { StepRole } from './step-role';

/** Where the bundle of command line and catalog lies. */
export interface BundleLocation {
  readonly bucket: string;
  readonly key: string;
}

export interface ReleasePipelineProps {
  readonly platform: Platform;
  readonly service: Service;
  readonly bundle: BundleLocation;
  /** Name of the project of each verb. */
  readonly projects: Readonly<Record<PlannedStep['verb'], string>>;
}

/** The CodePipeline of one service, as its {@link releasePlan} says. */
export class ReleasePipeline extends Construct {
  readonly pipeline: codepipeline.Pipeline;
  readonly role: StepRole;
  readonly source: actions.CodeStarConnectionsSourceAction | actions.CodeCommitSourceAction;
  /** What starts it, where the source is in CodeCommit. */
  readonly push?: PushRule;
  private readonly artifacts = new Map<string, codepipeline.Artifact>();
  private readonly projects = new Map<string, codebuild.IProject>();

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
      account: platform.pipeline.account,
      permissions: pipelinePermissions(platform, service, bundle, Object.values(props.projects)),
    });
    this.source = this.sourceAction();
    this.pipeline = new codepipeline.Pipeline(this, 'Resource', {
      pipelineName: names.pipeline,
      pipelineType: codepipeline.PipelineType.V2,
      // Every commit gets its turn; the default would drop one that a later commit overtakes.
      executionMode: codepipeline.ExecutionMode.QUEUED,
      crossAccountKeys: false,
      restartExecutionOnUpdate: false,
      artifactBucket: s3.Bucket.fromBucketName(this, 'Artifacts', platformNames(platform).artifactBucket),
      role: this.role.fixed,
      usePipelineRoleForActions: true,
      stages: releasePlan(platform, service).map((stage) => ({
        stageName: stage.name,
        actions: stage.actions.map((action, index) =>
          // What reads a source runs beside the others; the rest in its order.
          this.action(action, stage.name === 'Source' ? 1 : index + 1),
        ),
      })),
    });
    // The role is referred to anyway, and its rights stand in it: CDK's own dependency would say so twice.
    (this.pipeline.node.defaultChild as codepipeline.CfnPipeline).addDeletionOverride('DependsOn');
    const paths = pathGlobs(service);
    if (platform.source.kind === 'codecommit') {
      this.push = new PushRule(this, 'Push', platform, service, this.pipeline);
    } else if (paths.length > 0) {
      // In a repository of many services a commit releases those whose folders it touches.
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
    const { repository, branch } = service.source;
    const common = {
      actionName: 'Source',
      branch,
      output: this.artifact('Source'),
      variablesNamespace: 'Source',
      runOrder: 1,
    };
    if (platform.source.kind === 'codecommit') {
      return new actions.CodeCommitSourceAction({
        ...common,
        repository: codecommit.Repository.fromRepositoryName(this, 'Source', repository),
        // By a rule of ours: the one that CDK makes brings a role of its own.
        trigger: actions.CodeCommitTrigger.NONE,
      });
    }
    const [owner = '', ...names] = repository.split('/');
    return new actions.CodeStarConnectionsSourceAction({
      ...common,
      connectionArn: requireConnection(platform.source),
      owner,
      // GitLab has groups in groups.
      repo: names.join('/'),
    });
  }

  private action(action: PlannedAction, runOrder: number): codepipeline.IAction {
    const { bundle, projects } = this.props;
    switch (action.kind) {
      case 'source':
        return this.source;
      case 'bundle':
        return new actions.S3SourceAction({
          actionName: action.name,
          bucket: s3.Bucket.fromBucketName(this, 'Assets', bundle.bucket),
          bucketKey: bundle.key,
          output: this.artifact(action.output),
          // A new bundle comes with a new definition of the pipeline, and is no reason to release.
          trigger: actions.S3Trigger.NONE,
          runOrder,
        });
      case 'approval':
        return new actions.ManualApprovalAction({
          actionName: action.name,
          additionalInformation: action.note,
          runOrder,
        });
      case 'verb': {
        const [input, ...extraInputs] = action.inputs.map((name) => this.artifact(name));
        return new actions.CodeBuildAction({
          actionName: action.name,
          project: this.project(projects[action.verb]),
          input: input as codepipeline.Artifact,
          extraInputs,
          outputs: [this.artifact(action.output)],
          variablesNamespace: action.name,
          environmentVariables: Object.fromEntries(
            Object.entries(action.environment).map(([name, value]) => [name, { value }]),
          ),
          runOrder,
        });
      }
    }
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
