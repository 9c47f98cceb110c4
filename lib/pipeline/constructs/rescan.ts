import {
  aws_codepipeline_actions as actions,
  aws_cloudwatch as cloudwatch,
  aws_cloudwatch_actions as cloudwatchActions,
  aws_codebuild as codebuild,
  aws_codepipeline as codepipeline,
  Duration,
  aws_events as events,
  aws_s3 as s3,
  type aws_sns as sns,
  aws_events_targets as targets,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { arnsOf } from '../iam/arns';
import {
  listReleasesPermissions,
  rescanPermissions,
  rescanPipelinePermissions,
  rescanSchedulePermissions,
} from '../iam/rescan-permissions';
import { platformNames } from '../names';
import { bundleHashes, rescanCommands } from '../release-plan/step-commands';
import type { BundleLocation } from './release-pipeline';
import { StepProject } from './step-project';
import { StepRole } from './step-role';

export interface RescanProps {
  readonly platform: Platform;
  /** Location of the command line and the catalog. */
  readonly bundle: BundleLocation;
  readonly artifacts: s3.IBucket;
  /** Receives the reports. */
  readonly topic: sns.ITopic;
}

/**
 * Judges every day what runs, with the vulnerability databases of that day. The first action lists what the ledger asks for, the second one runs
 * the scanners, without access to the ledger. A run that does not pass is reported to the topic. An alarm fires when no run has passed for two
 * days, so that a schedule without runs is reported, too.
 */
export class Rescan extends Construct {
  readonly pipeline: codepipeline.Pipeline;
  readonly role: StepRole;
  /** Lists what runs. */
  readonly list: StepProject;
  /** Judges what runs. */
  readonly rescan: StepProject;
  /** Starts the pipeline once a day. */
  readonly schedule: events.Rule;
  readonly scheduleRole: StepRole;
  /** Reports a run that did not pass. */
  readonly failed: events.Rule;
  /** Fires when no run has passed for two days. */
  readonly missed: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, props: RescanProps) {
    super(scope, id);
    const { platform, topic } = props;
    const { rescan } = platformNames(platform);
    const arns = arnsOf(platform);
    this.list = new StepProject(this, 'List', {
      platform,
      projectName: rescan.listProject,
      description: `Lists what ${platform.name} runs: reads the ledger`,
      commands: rescanCommands.list,
      role: { roleName: rescan.listRole, permissions: listReleasesPermissions(platform) },
    });
    this.rescan = new StepProject(this, 'Rescan', {
      platform,
      projectName: rescan.project,
      description: `Judges what ${platform.name} runs: reads images and signatures`,
      commands: rescanCommands.rescan,
      role: { roleName: rescan.role, permissions: rescanPermissions(platform) },
      computeType: codebuild.ComputeType.MEDIUM,
      // 100 services take under two minutes: bench/rescan.ts.
      timeout: Duration.hours(2),
    });
    this.role = new StepRole(this, 'Role', {
      roleName: rescan.pipelineRole,
      description: `Runs the daily judgement of what ${platform.name} runs`,
      service: 'codepipeline.amazonaws.com',
      usedBy: arns.pipeline(rescan.pipeline),
      platform,
      permissions: rescanPipelinePermissions(platform, props.bundle),
    });
    this.pipeline = this.createPipeline(props);
    this.scheduleRole = new StepRole(this, 'ScheduleRole', {
      roleName: rescan.scheduleRole,
      description: 'Starts the daily judgement of what runs',
      service: 'events.amazonaws.com',
      usedBy: arns.rule(rescan.schedule),
      platform,
      permissions: rescanSchedulePermissions(platform),
    });
    this.schedule = new events.Rule(this, 'Schedule', {
      ruleName: rescan.schedule,
      description: 'Once a day: judge again what runs',
      schedule: events.Schedule.rate(Duration.days(1)),
      targets: [new targets.CodePipeline(this.pipeline, { eventRole: this.scheduleRole.immutableRole })],
    });
    const field = events.EventField.fromPath;
    this.failed = new events.Rule(this, 'Failed', {
      ruleName: rescan.failed,
      description: 'A judgement of what runs did not pass',
      eventPattern: {
        source: ['aws.codepipeline'],
        detailType: ['CodePipeline Stage Execution State Change'],
        detail: { pipeline: [rescan.pipeline], state: ['FAILED'] },
      },
      targets: [
        new targets.SnsTopic(topic, {
          message: events.RuleTargetInput.fromText(
            [
              `Rescan did not pass: stage ${field('$.detail.stage')} of pipeline ${field('$.detail.pipeline')} failed at ${field('$.time')}`,
              ` (execution ${field('$.detail.execution-id')}). A release that runs is blocked by the vulnerability databases of today,`,
              ' its evidence is no good, or there is no answer. Running workloads are not affected.',
              ' The log of the failed action has the table; "bowline rescan" prints it, too.',
            ].join(''),
          ),
        }),
      ],
    });
    this.missed = new cloudwatch.Alarm(this, 'Missed', {
      alarmName: rescan.missedAlarm,
      alarmDescription:
        'No judgement of what runs has passed for two days: a release is blocked by the vulnerability databases of today, or the schedule did not start the pipeline. Read the log of its last run, or run "bowline rescan".',
      metric: new cloudwatch.Metric({
        namespace: 'AWS/CodeBuild',
        metricName: 'SucceededBuilds',
        dimensionsMap: { ProjectName: rescan.project },
        statistic: 'Sum',
        period: Duration.days(1),
      }),
      threshold: 1,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      // Runs do not take equally long, so a day can pass between two of them.
      evaluationPeriods: 2,
      // Days without a run lead to the state without data, which a new alarm is in already: it reports nothing before the first run.
      treatMissingData: cloudwatch.TreatMissingData.MISSING,
    });
    this.missed.addAlarmAction(new cloudwatchActions.SnsAction(topic));
    this.missed.addInsufficientDataAction(new cloudwatchActions.SnsAction(topic));
  }

  private createPipeline({ platform, bundle, artifacts }: RescanProps): codepipeline.Pipeline {
    const { credential, repository, branch } = platform.ledger;
    const program = new codepipeline.Artifact('Bowline');
    const catalog = new codepipeline.Artifact('Catalog');
    const running = new codepipeline.Artifact('Running');
    const hashes = Object.fromEntries(
      Object.entries(bundleHashes(bundle)).map(([name, value]) => [name, { value }] as const),
    );
    const assets = s3.Bucket.fromBucketName(this, 'Assets', bundle.bucket);
    const pipeline = new codepipeline.Pipeline(this, 'Resource', {
      pipelineName: platformNames(platform).rescan.pipeline,
      pipelineType: codepipeline.PipelineType.V2,
      executionMode: codepipeline.ExecutionMode.QUEUED,
      crossAccountKeys: false,
      restartExecutionOnUpdate: false,
      artifactBucket: artifacts,
      role: this.role.immutableRole,
      usePipelineRoleForActions: true,
      stages: [
        {
          stageName: 'Source',
          actions: [
            new actions.S3SourceAction({
              actionName: 'Bowline',
              bucket: assets,
              bucketKey: bundle.key,
              output: program,
              trigger: actions.S3Trigger.NONE,
            }),
            new actions.S3SourceAction({
              actionName: 'Catalog',
              bucket: assets,
              bucketKey: bundle.catalogKey,
              output: catalog,
              trigger: actions.S3Trigger.NONE,
            }),
          ],
        },
        {
          stageName: 'Releases',
          actions: [
            new actions.CodeBuildAction({
              actionName: 'Releases',
              project: this.list.project,
              input: program,
              extraInputs: [catalog],
              outputs: [running],
              variablesNamespace: 'Releases',
              environmentVariables: {
                ...hashes,
                BOWLINE_LEDGER: { value: repository },
                BOWLINE_LEDGER_BRANCH: { value: branch },
                ...(credential === undefined
                  ? {}
                  : { BOWLINE_LEDGER_CREDENTIAL: { value: JSON.stringify(credential) } }),
              },
            }),
          ],
        },
        {
          stageName: 'Rescan',
          actions: [
            new actions.CodeBuildAction({
              actionName: 'Rescan',
              project: this.rescan.project,
              input: running,
              extraInputs: [program, catalog],
              environmentVariables: {
                ...hashes,
                BOWLINE_RUNNING_SHA256: { value: '#{Releases.RUNNING_SHA256}' },
              },
            }),
          ],
        },
      ],
    });
    // The pipeline refers to its role, whose policies are inline, so the explicit dependency that the CDK adds is redundant.
    (pipeline.node.defaultChild as codepipeline.CfnPipeline).addDeletionOverride('DependsOn');
    return pipeline;
  }
}
