import { aws_events as events, type aws_sns as sns, aws_events_targets as targets } from 'aws-cdk-lib';

/**
 * Tells a topic who made a call that CloudTrail recorded, when and from where.
 * @param what what it means for the platform
 * @param page where it is written what to do now
 */
export function apiCallNotification(topic: sns.ITopic, what: string, page: string): targets.SnsTopic {
  const field = events.EventField.fromPath;
  return new targets.SnsTopic(topic, {
    message: events.RuleTargetInput.fromText(
      `${what}: ${field('$.detail.userIdentity.arn')} called ${field('$.detail.eventName')} at ${field('$.detail.eventTime')} from ${field('$.detail.sourceIPAddress')}. If that was not you: ${page}.`,
    ),
  });
}
