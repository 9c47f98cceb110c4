import { Annotations, aws_events as events, type aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { platformNames } from '../names';
import { apiCallNotification } from './api-call-notification';
import {
  type CallPattern,
  monitoringTamperingPattern,
  pipelineTamperingPattern,
  roleEventsRegion,
  roleTamperingPattern,
  type SharedProjects,
  sourceOverridePattern,
} from './tamper-event-patterns';

export interface PipelineMonitorProps {
  readonly platform: Platform;
  /** Topic that receives the alerts. */
  readonly topic: sns.ITopic;
  /** Names of the projects that the release pipelines of all services share. */
  readonly projects: SharedProjects;
  /** Names of the roles that sign and promote. */
  readonly roles: readonly string[];
  /** Whether the events of IAM are forwarded to the region of the pipelines. */
  readonly roleEvents: boolean;
}

/**
 * Reports access to signing and promotion that bypasses the release pipelines: a caller who starts the projects with another buildspec, or changes
 * the projects, their roles or this monitoring, can sign and promote anything, and no key policy can tell that caller from a release.
 *
 * The events come from CloudTrail, as for {@link SigningKeyMonitor}. All services share four rules, because the quota counts rules per account.
 */
export class PipelineMonitor extends Construct {
  readonly pipelineTampered: events.Rule;
  readonly sourceOverridden: events.Rule;
  readonly rolesTampered: events.Rule;
  readonly monitoringTampered: events.Rule;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: PipelineMonitorProps,
  ) {
    super(scope, id);
    const { platform, projects, roles, roleEvents } = props;
    const { rules } = platformNames(platform);
    this.pipelineTampered = this.rule('PipelineTampered', {
      name: rules.pipelineTampered,
      event: 'a project was changed, or a pipeline outside of a deployment',
      meaning: 'A release may skip its checks, or release something else; or what runs may no longer be judged.',
      sources: ['aws.codebuild', 'aws.codepipeline', 'aws.events'],
      calls: pipelineTamperingPattern(platform, projects),
    });
    this.sourceOverridden = this.rule('SourceOverridden', {
      name: rules.sourceOverridden,
      event: 'a project was started outside of its pipeline, or a pipeline with another source',
      meaning:
        'The caller may have signed an image, or read the git credential of the ledger; or the pipeline may release another commit, or another program and catalog, than the latest ones.',
      sources: ['aws.codebuild', 'aws.codepipeline'],
      calls: sourceOverridePattern(platform, projects),
    });
    this.rolesTampered = this.rule('RolesTampered', {
      name: rules.rolesTampered,
      event: 'a role of a pipeline or project was changed',
      meaning: 'The role may now have other permissions, or other users.',
      sources: ['aws.iam'],
      calls: roleTamperingPattern(platform, roles),
    });
    this.monitoringTampered = this.rule('MonitoringTampered', {
      name: rules.monitoringTampered,
      event: 'the monitoring of signing keys and pipelines was changed',
      meaning: 'Later changes may go unreported.',
      sources: ['aws.cloudtrail', 'aws.events', 'aws.monitoring', 'aws.sns'],
      calls: monitoringTamperingPattern(platform),
    });
    const { region } = platform.pipeline;
    if (!roleEvents && region !== roleEventsRegion(platform)) {
      Annotations.of(this).addInfoV2(
        'bowline:role-events',
        `changes of roles are not reported: IAM delivers its events in ${roleEventsRegion(platform)}, not in ${region}. To forward them, set \`roleEvents: true\`: docs/how-to/signing-keys.md, "Who else could sign"`,
      );
    }
  }

  private rule(id: string, { name, event, meaning, sources, calls }: TamperRule): events.Rule {
    const { platform, topic } = this.props;
    return new events.Rule(this, id, {
      ruleName: name,
      description: event.charAt(0).toUpperCase() + event.slice(1),
      eventPattern: {
        source: [...sources],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { ...calls },
      },
      targets: [
        apiCallNotification({
          topic,
          event: `Possible unauthorized pipeline access (${platform.name}): ${event}`,
          meaning,
          runbook: 'docs/how-to/signing-keys.md, "Unauthorized pipeline access"',
        }),
      ],
    });
  }
}

interface TamperRule {
  readonly name: string;
  readonly event: string;
  readonly meaning: string;
  /** Event sources of the AWS services that are called. */
  readonly sources: readonly string[];
  readonly calls: CallPattern;
}
