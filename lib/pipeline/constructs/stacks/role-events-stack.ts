import { aws_events as events, Stack, type StackProps, aws_events_targets as targets } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform } from '../../../catalog';
import { arnsOf } from '../../iam/arns';
import { roleEventsPermissions } from '../../iam/pipeline-permissions';
import { roleEventsRegion, roleTamperingPattern } from '../../monitoring/tamper-event-patterns';
import { platformNames } from '../../names';
import { StepRole } from '../step-role';

export interface RoleEventsStackProps extends StackProps {
  readonly platform: Platform;
  /** Names of the roles that sign and promote. */
  readonly roles: readonly string[];
}

/**
 * Forwards IAM events about the platform's roles from the region where IAM delivers them to the region of the pipelines, where `PipelineMonitor`
 * reports them. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export class RoleEventsStack extends Stack {
  readonly rule: events.Rule;
  readonly role: StepRole;

  constructor(scope: Construct, id: string, { platform, roles, ...props }: RoleEventsStackProps) {
    super(scope, id, props);
    const { roleEvents, rules } = platformNames(platform);
    const { region } = platform.pipeline;
    const sourceArns = arnsOf({ ...platform, pipeline: { ...platform.pipeline, region: roleEventsRegion(platform) } });
    this.role = new StepRole(this, 'Role', {
      roleName: roleEvents,
      description: `Forwards events about roles of ${platform.name} to ${region}`,
      service: 'events.amazonaws.com',
      usedBy: sourceArns.rule(rules.rolesTampered),
      platform,
      permissions: roleEventsPermissions(platform),
    });
    this.rule = new events.Rule(this, 'Rule', {
      ruleName: rules.rolesTampered,
      description: `Forwards changes of roles of ${platform.name} to the rule of the same name in ${region}`,
      eventPattern: {
        source: ['aws.iam'],
        detailType: ['AWS API Call via CloudTrail'],
        detail: { ...roleTamperingPattern(platform, roles) },
      },
      targets: [
        new targets.EventBus(events.EventBus.fromEventBusArn(this, 'Bus', arnsOf(platform).eventBus('default')), {
          role: this.role.immutableRole,
        }),
      ],
    });
  }
}
