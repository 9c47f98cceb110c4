import { aws_events as events, type aws_kms as kms, type aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Platform } from '../../catalog';
import { arnsOf } from '../iam/arns';
import { platformNames } from '../names';
import { apiCallNotification } from './api-call-notification';
import { exceptRole } from './tamper-event-patterns';

export interface SigningKeyMonitorProps {
  readonly platform: Platform;
  /** Role that may sign. */
  readonly signer: string;
  readonly keys: readonly kms.Key[];
  readonly topic: sns.ITopic;
}

/** What changes who may sign, or whether anybody can. */
const changes = [
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
 * Tells when anybody but the signer asks a signing key to sign (granted or not), and when anybody changes a key. It takes every session of the
 * sign role for the signer: who else could get one, {@link PipelineMonitor} tells.
 * The events are CloudTrail's: the account needs a trail that records management events, those of KMS included.
 */
export class SigningKeyMonitor extends Construct {
  readonly otherSigner: events.Rule;
  readonly keyChanged: events.Rule;

  constructor(scope: Construct, id: string, props: SigningKeyMonitorProps) {
    super(scope, id);
    const { platform, keys, topic } = props;
    const { classes, keyAlias, rules } = platformNames(platform);
    const aliases = classes.map(keyAlias);
    const keyIds = [
      ...aliases,
      ...aliases.map((alias) => arnsOf(platform).alias(alias)),
      ...keys.flatMap((key) => [key.keyId, key.keyArn]),
    ];
    const call = { source: ['aws.kms'], detailType: ['AWS API Call via CloudTrail'] };
    const message = (what: string) => apiCallNotification(topic, what, 'docs/how-to/signing-keys.md, "A key is in doubt"');
    this.otherSigner = new events.Rule(this, 'OtherSigner', {
      ruleName: rules.otherSigner,
      description: 'Somebody else than the sign role asked a signing key to sign',
      eventPattern: {
        ...call,
        detail: {
          eventName: ['Sign'],
          requestParameters: { keyId: keyIds },
          $or: exceptRole([arnsOf(platform).role(props.signer)]),
        },
      },
      targets: [message(`${platform.name}: a signing key was asked by somebody else than the signer`)],
    });
    // Signing counts as reading, and rules don't get what only reads unless they say so.
    const rule = this.otherSigner.node.defaultChild as events.CfnRule;
    rule.state = 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS';
    this.keyChanged = new events.Rule(this, 'KeyChanged', {
      ruleName: rules.keyChanged,
      description: 'A signing key, its policy or its alias was changed',
      eventPattern: {
        ...call,
        detail: {
          eventName: changes,
          $or: [{ requestParameters: { keyId: keyIds } }, { requestParameters: { aliasName: aliases } }],
        },
      },
      targets: [message(`${platform.name}: a signing key was changed`)],
    });
  }
}
