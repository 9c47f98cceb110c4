import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';

/** The chats that Flagger can notify (pkg/notifier/factory.go). Alertmanager is not one of them: alerting rules notify it of rollouts. */
export type Chat = 'slack' | 'msteams' | 'discord' | 'rocket' | 'gchat';

/** Properties of an {@link AlertProvider}. */
export interface AlertProviderProps {
  /** The namespace is that of the Canaries that use the provider. */
  readonly metadata: Metadata;
  readonly chat: Chat;
  /**
   * Name of a Secret in the same namespace, with the URL of the webhook as `address` and, if the chat needs one, a bearer token as `token`.
   * The URL itself does not belong into a manifest: anyone who knows it can write to the chat.
   */
  readonly secret: string;
  /** Channel to write to. @default the channel of the webhook, or `general` */
  readonly channel?: string;
}

/** A Flagger AlertProvider: the chat that Flagger notifies about a rollout. @see https://docs.flagger.app/usage/alerting */
export class AlertProvider extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, chat, secret, channel }: AlertProviderProps) {
    super(scope, id, {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'AlertProvider',
      metadata,
      spec: { type: chat, secretRef: { name: secret }, channel },
    });
  }
}
