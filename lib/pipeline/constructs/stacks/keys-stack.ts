import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Platform } from '../../../catalog';
import { AlertTopic } from '../../monitoring/alert-topic';
import { SigningKeyMonitor } from '../../monitoring/signing-key-monitor';
import type { SigningKeys } from '../signing-keys';
import type { Signer } from '../strategies';

export interface KeysStackProps extends StackProps {
  readonly platform: Platform;
  /** Creates the keys. */
  readonly signer: Signer;
}

/** The signing keys, the topic of all alerts, and the monitor of the keys. It is deployed early, because the catalog contains the public keys. */
export class KeysStack extends Stack {
  readonly alerts: AlertTopic;
  /** The signing keys, if the signer creates keys. */
  readonly keys?: SigningKeys;
  /** The monitor of the keys, if the signer creates keys. */
  readonly keyMonitor?: SigningKeyMonitor;

  constructor(scope: Construct, id: string, props: KeysStackProps) {
    super(scope, id, props);
    const { platform, signer } = props;
    this.alerts = new AlertTopic(this, 'Alerts', { platform });
    this.keys = signer.bindKeys?.(this, platform);
    if (this.keys !== undefined) {
      // The construct ID is part of logical IDs. Another ID would make CloudFormation create rules whose names are still in use.
      this.keyMonitor = new SigningKeyMonitor(this, 'Watch', {
        platform,
        keys: [...this.keys.keys.values(), ...this.keys.previousKeys],
        signer: this.keys.signer,
        topic: this.alerts.importedTopic,
      });
    }
  }
}
