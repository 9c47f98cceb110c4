import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform } from '../../../catalog';
import { AlertTopic } from '../../monitoring/alert-topic';
import { SigningKeyMonitor } from '../../monitoring/signing-key-monitor';
import type { SigningKeys } from '../signing-keys';
import type { Signer } from '../strategies';

export interface KeysStackProps extends StackProps {
  readonly platform: Platform;
  readonly signer: Signer;
}

/** What is deployed first: signing keys, whose public halves belong into the catalog, and the topic that hears when anybody touches them. */
export class KeysStack extends Stack {
  readonly alerts: AlertTopic;
  /** None where the signer brings no keys of its own. */
  readonly keys?: SigningKeys;
  readonly watch?: SigningKeyMonitor;

  constructor(scope: Construct, id: string, props: KeysStackProps) {
    super(scope, id, props);
    const { platform, signer } = props;
    this.alerts = new AlertTopic(this, 'Alerts', platform);
    const keys = signer.bindKeys?.(this, platform);
    if (keys) {
      this.keys = keys;
      this.watch = new SigningKeyMonitor(this, 'Watch', {
        platform,
        keys: [...keys.keys.values(), ...keys.older],
        signer: keys.signer,
        topic: this.alerts.guarded,
      });
    }
  }
}
