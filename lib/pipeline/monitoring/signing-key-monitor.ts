import { aws_events as events, type aws_kms as kms, type aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { platformNames } from '../names';
import { apiCallNotification } from './api-call-notification';
import { callerOutsideRoles } from './tamper-event-patterns';

export interface SigningKeyMonitorProps {
  readonly platform: Platform;
  /** Name of the role that may sign. */
  readonly signer: string;
  readonly keys: readonly kms.Key[];
  /** Topic that receives the alerts. */
  readonly topic: sns.ITopic;
}

/** Calls that change who can sign, or whether anyone can. */
const keyChangeCalls = [
  'CancelKeyDeletion',
  'CreateAlias',
  'CreateGrant',
  'DeleteAlias',
  'DisableKey',
  'EnableKey',
  'PutKeyPolicy',
  'ScheduleKeyDeletion',
  'TagResource',
  'UntagResource',
  'UpdateAlias',
];

/**
 * Reports attempts of other identities than the signer to use a signing key, granted or not, and every change of a key.
 * It treats every session of the sign role as the signer. {@link PipelineMonitor} reports other ways to such a session.
 *
 * The events come from CloudTrail. The account needs a trail that records management events, including those of KMS.
 */
export class SigningKeyMonitor extends Construct {
  readonly otherSigner: events.Rule;
  readonly keyChanged: events.Rule;

  constructor(scope: Construct, id: string, { platform, signer, keys, topic }: SigningKeyMonitorProps) {
    super(scope, id);
    const arns = arnsOf(platform);
    const { classes, keyAlias, rules } = platformNames(platform);
    const aliases = classes.map(keyAlias);
    const keyIds = [...aliases, ...aliases.map(arns.alias), ...keys.flatMap((key) => [key.keyId, key.keyArn])];
    const kmsCalls = { source: ['aws.kms'], detailType: ['AWS API Call via CloudTrail'] };
    const runbook = 'docs/how-to/signing-keys.md, "Suspected key compromise"';
    this.otherSigner = new events.Rule(this, 'OtherSigner', {
      ruleName: rules.otherSigner,
      description: 'An identity other than the sign role tried to use a signing key',
      eventPattern: {
        ...kmsCalls,
        detail: {
          eventName: ['Sign'],
          requestParameters: { keyId: keyIds },
          ...callerOutsideRoles([arns.role(signer)]),
        },
      },
      targets: [
        apiCallNotification({
          topic,
          event: `Possible unauthorized signing (${platform.name}): an identity other than the sign role tried to use a signing key`,
          meaning: 'If the call succeeded, admission accepts what the caller signed.',
          runbook,
        }),
      ],
    });
    // EventBridge treats signing as a read-only call, and by default rules do not match read-only calls.
    const rule = this.otherSigner.node.defaultChild as events.CfnRule;
    rule.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    this.keyChanged = new events.Rule(this, 'KeyChanged', {
      ruleName: rules.keyChanged,
      description: 'A signing key, its policy or its alias was changed',
      eventPattern: {
        ...kmsCalls,
        detail: {
          eventName: keyChangeCalls,
          $or: [{ requestParameters: { keyId: keyIds } }, { requestParameters: { aliasName: aliases } }],
        },
      },
      targets: [
        apiCallNotification({
          topic,
          event: `Signing key changed (${platform.name}): a signing key, its policy or its alias was changed`,
          meaning: 'Another role may now be able to sign, or releases can no longer be signed.',
          runbook,
        }),
      ],
    });
  }
}
