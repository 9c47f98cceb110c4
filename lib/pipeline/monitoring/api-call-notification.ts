import { aws_events as events, type aws_sns as sns, aws_events_targets as targets } from 'aws-cdk-lib';

export interface ApiCallNotificationProps {
  readonly topic: sns.ITopic;
  /** What happened, to which platform. */
  readonly event: string;
  /** What the event means for the platform. */
  readonly meaning: string;
  /** Page and section that describe what to do next. */
  readonly runbook: string;
}

/** Publishes a message about an AWS API call that CloudTrail recorded: who called what, when and from where. */
export function apiCallNotification(props: ApiCallNotificationProps): targets.SnsTopic {
  const field = events.EventField.fromPath;
  const call = [
    `${field('$.detail.userIdentity.arn')} called ${field('$.detail.eventName')}`,
    `at ${field('$.detail.eventTime')}`,
    `from ${field('$.detail.sourceIPAddress')}`,
  ].join(' ');
  return new targets.SnsTopic(props.topic, {
    message: events.RuleTargetInput.fromText(
      `${props.event}: ${call}. ${props.meaning} If you did not expect this call, follow ${props.runbook}.`,
    ),
  });
}
