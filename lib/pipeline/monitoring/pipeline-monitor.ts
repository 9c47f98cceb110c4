import { Annotations, aws_events as events, type aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { platformNames } from '../names';
import { apiCallNotification } from './api-call-notification';
import {
  type CallPattern,
  monitoringTampered,
  pipelineTampered,
  roleEventsRegion,
  rolesTampered,
} from './tamper-event-patterns';

export interface PipelineMonitorProps {
  readonly platform: Platform;
  readonly topic: sns.ITopic;
  /** Names of the projects that sign and promote, and of their roles. */
  readonly projects: readonly string[];
  readonly roles: readonly string[];
  /** Whether IAM's events are sent here from where they arrive. */
  readonly roleEvents: boolean;
}

/**
 * Tells of the ways around the release pipelines: whoever starts sign or promote with a buildspec of his own, or changes their projects, their
 * roles or what watches all this, signs and promotes what he likes, and no policy of a key can tell him from a release.
 * The events are CloudTrail's, as those of {@link SigningKeyMonitor} are. Three rules for all services: rules are counted by account.
 */
export class PipelineMonitor extends Construct {
  readonly pipelineTampered: events.Rule;
  readonly rolesTampered: events.Rule;
  readonly monitoringTampered: events.Rule;

  constructor(scope: Construct, id: string, { platform, topic, projects, roles, roleEvents }: PipelineMonitorProps) {
    super(scope, id);
    const { rules } = platformNames(platform);
    const rule = (
      name: string,
      ruleName: string,
      description: string,
      source: readonly string[],
      detail: CallPattern,
    ) =>
      new events.Rule(this, name, {
        ruleName,
        description,
        eventPattern: {
          source: [...source],
          detailType: ['AWS API Call via CloudTrail'],
          detail: { ...detail },
        },
        targets: [
          apiCallNotification(
            topic,
            `${platform.name}: ${description.toLowerCase()}`,
            'docs/how-to/signing-keys.md, "Somebody was on the road"',
          ),
        ],
      });
    this.pipelineTampered = rule(
      'Road',
      rules.pipelineTampered,
      'Sign or promote was started or changed by something else than a release',
      ['aws.codebuild', 'aws.codepipeline', 'aws.events'],
      pipelineTampered(platform, projects),
    );
    this.rolesTampered = rule(
      'Roles',
      rules.rolesTampered,
      'A role that signs, promotes or starts them was changed',
      ['aws.iam'],
      rolesTampered(platform, roles),
    );
    this.monitoringTampered = rule(
      'Watch',
      rules.monitoringTampered,
      'What tells of touched keys and roads was changed',
      ['aws.cloudtrail', 'aws.events', 'aws.monitoring', 'aws.sns'],
      monitoringTampered(platform),
    );
    const { region } = platform.pipeline;
    if (!roleEvents && region !== roleEventsRegion(platform)) {
      Annotations.of(this).addInfoV2(
        'bowline:role-events',
        `changes of roles are told once the events of IAM, which arrive in ${roleEventsRegion(platform)}, are sent on to the bus of ${region} (\`roleEvents: true\`): docs/how-to/signing-keys.md, "Who else could sign"`,
      );
    }
  }
}
