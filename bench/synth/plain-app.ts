import {
  App,
  aws_codepipeline_actions as actions,
  aws_s3_assets as assets,
  aws_cloudwatch as cloudwatch,
  aws_codebuild as codebuild,
  aws_codepipeline as codepipeline,
  aws_ecr as ecr,
  aws_events as events,
  aws_kms as kms,
  aws_logs as logs,
  Stack,
  aws_s3 as s3,
  aws_sns as sns,
  aws_events_targets as targets,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';

export interface PlainAppProps {
  readonly services: number;
  readonly outdir: string;
  /** Folder of the placeholder for the command line bundle. */
  readonly program: string;
  readonly context: Record<string, unknown>;
}

const env = { account: '111111111111', region: 'eu-west-1' };
const connectionArn = `arn:aws:codeconnections:eu-west-1:111111111111:connection/6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b`;

/** The resources of Bowline's app, written with the L2 constructs and grants of aws-cdk-lib: no catalog, no pipeline steps, no rules. */
export function plainApp({ services, outdir, program, context }: PlainAppProps): App {
  const app = new App({ outdir, context, analyticsReporting: false });
  const toolbox = new Stack(app, 'toolbox', { env });
  const made = project(toolbox, 'plain-toolbox', true);
  repository(toolbox, 'plain/platform/toolbox').grantPullPush(made);

  const keysStack = new Stack(app, 'keys', { env });
  const topic = new sns.Topic(keysStack, 'topic');
  const keys = ['nonproduction', 'production'].map(
    (name) =>
      new kms.Key(keysStack, name, {
        alias: `alias/plain-${name}`,
        keySpec: kms.KeySpec.ECC_NIST_P256,
        keyUsage: kms.KeyUsage.SIGN_VERIFY,
      }),
  );
  const rule = (scope: Construct, name: string, source: string) =>
    new events.Rule(scope, name, { eventPattern: { source: [source] }, targets: [new targets.SnsTopic(topic)] });
  rule(keysStack, 'signer', 'aws.kms');
  rule(keysStack, 'changed', 'aws.kms');

  const shared = new Stack(app, 'shared', { env });
  const bundle = new assets.Asset(shared, 'bundle', { path: program });
  const artifacts = new s3.Bucket(shared, 'artifacts', { enforceSSL: true, versioned: true });
  const [scan, sign, promote] = ['plain-scan', 'plain-sign', 'plain-promote'].map((name) => project(shared, name)) as [
    codebuild.PipelineProject,
    codebuild.PipelineProject,
    codebuild.PipelineProject,
  ];
  for (const key of keys) {
    key.grant(sign, 'kms:Sign', 'kms:GetPublicKey', 'kms:DescribeKey');
  }
  rule(shared, 'failed', 'aws.codepipeline');
  rule(shared, 'waiting', 'aws.codepipeline');
  const queued = new cloudwatch.Metric({ namespace: 'AWS/CodeBuild', metricName: 'QueuedDuration' });
  new cloudwatch.Alarm(shared, 'queue', { metric: queued, threshold: 600, evaluationPeriods: 2 });
  new cloudwatch.Dashboard(shared, 'dashboard', { widgets: [[new cloudwatch.GraphWidget({ left: [queued] })]] });

  for (let index = 0; index < services; index++) {
    const name = `plain-service-${String(index).padStart(4, '0')}`;
    const stack = new Stack(app, name, { env });
    const build = project(stack, `${name}-build`, true);
    const [images, signatures, cache] = [name, `signatures/${name}`, `cache/${name}`].map((each) =>
      repository(stack, each),
    ) as [ecr.Repository, ecr.Repository, ecr.Repository];
    images.grantPullPush(build);
    cache.grantPullPush(build);
    signatures.grantPull(build);
    pipeline(stack, name, artifacts, bundle, { build, scan, sign, promote });
  }
  return app;
}

function project(scope: Construct, name: string, privileged = false): codebuild.PipelineProject {
  return new codebuild.PipelineProject(scope, name, {
    projectName: name,
    buildSpec: codebuild.BuildSpec.fromObjectToYaml({
      version: '0.2',
      phases: { build: { commands: [`node "$CODEBUILD_SRC_DIR_Bowline/bowline.mjs" ${name}`] } },
      artifacts: { 'base-directory': '.bowline/release', files: ['**/*'] },
    }),
    environment: { buildImage: codebuild.LinuxBuildImage.STANDARD_7_0, privileged },
    logging: { cloudWatch: { logGroup: new logs.LogGroup(scope, `${name}-log`) } },
  });
}

function repository(scope: Construct, name: string): ecr.Repository {
  return new ecr.Repository(scope, name, {
    repositoryName: name,
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
  });
}

type Projects = Readonly<Record<'build' | 'scan' | 'sign' | 'promote', codebuild.IProject>>;

function pipeline(stack: Stack, name: string, artifactBucket: s3.IBucket, bundle: assets.Asset, projects: Projects) {
  const artifact = (of: string) => new codepipeline.Artifact(of);
  const [source, bowline, built, scanned] = ['Source', 'Bowline', 'Built', 'Scanned'].map(artifact) as [
    codepipeline.Artifact,
    codepipeline.Artifact,
    codepipeline.Artifact,
    codepipeline.Artifact,
  ];
  const run = (
    actionName: string,
    of: codebuild.IProject,
    input: codepipeline.Artifact,
    output: codepipeline.Artifact,
    runOrder = 1,
  ) =>
    new actions.CodeBuildAction({
      actionName,
      project: codebuild.Project.fromProjectName(stack, actionName, of.projectName),
      input,
      extraInputs: [bowline],
      outputs: [output],
      variablesNamespace: actionName,
      runOrder,
    });
  const signed = (of: string) => artifact(`Signed${of}`);
  const [nonproduction, production] = [signed('Nonproduction'), signed('Production')];
  new codepipeline.Pipeline(stack, 'pipeline', {
    pipelineName: name,
    pipelineType: codepipeline.PipelineType.V2,
    executionMode: codepipeline.ExecutionMode.QUEUED,
    artifactBucket: s3.Bucket.fromBucketName(stack, 'artifacts', artifactBucket.bucketName),
    usePipelineRoleForActions: true,
    stages: [
      {
        stageName: 'Source',
        actions: [
          new actions.CodeStarConnectionsSourceAction({
            actionName: 'Source',
            connectionArn,
            owner: 'acme',
            repo: name,
            output: source,
          }),
          new actions.S3SourceAction({
            actionName: 'Bowline',
            bucket: s3.Bucket.fromBucketName(stack, 'assets', bundle.s3BucketName),
            bucketKey: bundle.s3ObjectKey,
            output: bowline,
            trigger: actions.S3Trigger.NONE,
          }),
        ],
      },
      { stageName: 'Build', actions: [run('Build', projects.build, source, built)] },
      { stageName: 'Scan', actions: [run('Scan', projects.scan, built, scanned)] },
      {
        stageName: 'Dev',
        actions: [
          run('SignNonproduction', projects.sign, scanned, nonproduction, 1),
          run('PromoteDev', projects.promote, nonproduction, artifact('PromotedDev'), 2),
        ],
      },
      {
        stageName: 'Stage',
        actions: [run('PromoteStage', projects.promote, nonproduction, artifact('PromotedStage'))],
      },
      {
        stageName: 'Prod',
        actions: [
          new actions.ManualApprovalAction({ actionName: 'Approve', runOrder: 1 }),
          run('SignProduction', projects.sign, nonproduction, production, 2),
          run('PromoteProd', projects.promote, production, artifact('PromotedProd'), 3),
        ],
      },
    ],
  });
}
