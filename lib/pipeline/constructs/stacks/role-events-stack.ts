import { aws_events as events, Stack, type StackProps, aws_events_targets as targets } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform } from '../../../catalog';
import { arnsOf } from '../../iam/arns';
import { roleEventsPermissions } from '../../iam/pipeline-permissions';
import { roleEventsRegion, rolesTampered } from '../../monitoring/tamper-event-patterns';
import { platformNames } from '../../names';
import { StepRole } from '../step-role';

export interface RoleEventsStackProps extends StackProps {
  readonly platform: Platform;
  /** Names of the roles that sign and promote. */
  readonly roles: readonly string[];
}

/**
 * Sends IAM's events on roles of ours from the region where they arrive to the bus of the pipelines, where `PipelineMonitor` tells of them.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export class RoleEventsStack extends Stack {
  readonly rule: events.Rule;
  readonly role: StepRole;

  constructor(scope: Construct, id: string, { platform, roles, ...props }: RoleEventsStackProps) {
    super(scope, id, props);
    const { roleEvents, rules } = platformNames(platform);
    const there = arnsOf({ ...platform, pipeline: { ...platform.pipeline, region: roleEventsRegion(platform) } });
    this.role = new StepRole(this, 'Role', {
      roleName: roleEvents,
      description: `Sends events on roles of ${platform.name} to ${platform.pipeline.region}`,
      service: 'events.amazonaws.com',
      usedBy: there.rule(rules.rolesTampered),
      account: platform.pipeline.account,
      permissions: roleEventsPermissions(platform),
    });
    this.rule = new events.Rule(this, 'Rule', {
      ruleName: rules.rolesTampered,
      description: `Changes of roles of ${platform.name}, for the rule of the same name in ${platform.pipeline.region}`,
      eventPattern: {
        source: ['aws.iam'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { ...rolesTampered(platform, roles) },
      },
      targets: [
        new targets.EventBus(events.EventBus.fromEventBusArn(this, 'Bus', arnsOf(platform).eventBus('default')), {
          role: this.role.fixed,
        }),
      ],
    });
  }
}
