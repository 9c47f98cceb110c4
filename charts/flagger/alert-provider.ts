import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';

/** The chats that Flagger can write to (pkg/notifier/factory.go). Alertmanager is none of them: it hears of rollouts by rules. */
export type Chat = 'slack' | 'msteams' | 'discord' | 'rocket' | 'gchat';

export interface AlertProviderProps {
  readonly metadata: Metadata;
  readonly chat: Chat;
  /**
   * Secret in the same namespace with the webhook's URL as `address`, and a bearer token as `token` where one is asked for.
   * Never the URL itself: who has it can write to the chat.
   */
  readonly secret: string;
  /** @default the webhook's own, or general */
  readonly channel?: string;
}

/** Where Flagger tells people what becomes of a rollout. @see https://docs.flagger.app/usage/alerting */
export class AlertProvider extends ApiObject {
  constructor(scope: Construct, id: string, props: AlertProviderProps) {
    super(scope, id, {
      apiVersion: 'flagger.app/v1beta1',
      kind: 'AlertProvider',
      metadata: props.metadata,
      spec: {
        type: props.chat,
        secretRef: { name: props.secret },
        ...(props.channel === undefined ? {} : { channel: props.channel }),
      },
    });
  }
}
