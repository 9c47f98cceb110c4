import {
  type aws_codepipeline as codepipeline,
  aws_events as events,
  aws_events_targets as targets,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { pushPermissions } from '../iam/pipeline-permissions';
import { serviceNames } from '../names';
import { StepRole } from './step-role';

export interface PushRuleProps {
  readonly platform: Platform;
  readonly service: Service;
  /** The pipeline to start. */
  readonly pipeline: codepipeline.IPipeline;
}

/** Starts a pipeline after a push to the branch of a service in CodeCommit. The events of CodeCommit have no file names. */
export class PushRule extends Construct {
  readonly rule: events.Rule;
  readonly role: StepRole;

  constructor(scope: Construct, id: string, { platform, service, pipeline }: PushRuleProps) {
    super(scope, id);
    const names = serviceNames(platform, service.name);
    const arns = arnsOf(platform);
    const { repository, branch } = service.source;
    this.role = new StepRole(this, 'Role', {
      roleName: names.pushRole,
      description: `Starts the pipeline of ${service.name} after a push`,
      service: 'events.amazonaws.com',
      usedBy: arns.rule(names.pushRule),
      platform,
      permissions: pushPermissions(platform, service),
    });
    this.rule = new events.Rule(this, 'Resource', {
      ruleName: names.pushRule,
      description: `A push to ${branch} of ${repository}`,
      eventPattern: {
        source: ['aws.codecommit'],
        detailType: ['CodeCommit Repository State Change'],
        resources: [arns.codeCommit(repository)],
        detail: {
          event: ['referenceCreated', 'referenceUpdated'],
          referenceType: ['branch'],
          referenceName: [branch],
        },
      },
      targets: [new targets.CodePipeline(pipeline, { eventRole: this.role.immutableRole })],
    });
  }
}
