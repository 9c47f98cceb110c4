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

/** Starts a pipeline on a push to exactly one branch of a CodeCommit repository. Its events name no files. */
export class PushRule extends Construct {
  readonly rule: events.Rule;
  readonly role: StepRole;

  constructor(scope: Construct, id: string, platform: Platform, service: Service, pipeline: codepipeline.IPipeline) {
    super(scope, id);
    const names = serviceNames(platform, service.name);
    const arns = arnsOf(platform);
    this.role = new StepRole(this, 'Role', {
      roleName: names.pushRole,
      description: `Starts the pipeline of ${service.name} on a push`,
      service: 'events.amazonaws.com',
      usedBy: arns.rule(names.pushRule),
      account: platform.pipeline.account,
      permissions: pushPermissions(platform, service),
    });
    this.rule = new events.Rule(this, 'Resource', {
      ruleName: names.pushRule,
      description: `A push to ${service.source.branch} of ${service.source.repository}`,
      eventPattern: {
        source: ['aws.codecommit'],
        detailType: ['CodeCommit Repository State Change'],
        resources: [arns.codeCommit(service.source.repository)],
        detail: {
          event: ['referenceCreated', 'referenceUpdated'],
          referenceType: ['branch'],
          referenceName: [service.source.branch],
        },
      },
      targets: [new targets.CodePipeline(pipeline, { eventRole: this.role.fixed })],
    });
  }
}
