export type WebhookMetadata = Readonly<Record<string, string>>;

/**
 * Somebody whom Flagger asks or tells during a rollout. An answer of 200 to 202 is a yes, everything else a no.
 * @see https://docs.flagger.app/usage/webhooks
 */
export class Webhook {
  /** Called at every check: a no is a failed check. */
  static rollout(name: string, url: string, metadata?: WebhookMetadata): Webhook {
    return new Webhook('rollout', name, url, metadata);
  }

  /** Asked at every check: a yes takes the release back at once. */
  static rollback(name: string, url: string, metadata?: WebhookMetadata): Webhook {
    return new Webhook('rollback', name, url, metadata);
  }

  /** Told how it ended. */
  static postRollout(name: string, url: string, metadata?: WebhookMetadata): Webhook {
    return new Webhook('post-rollout', name, url, metadata);
  }

  private constructor(
    private readonly type: 'rollout' | 'rollback' | 'post-rollout',
    private readonly name: string,
    private readonly url: string,
    private readonly metadata?: WebhookMetadata,
  ) {
    if (!/^https?:\/\//.test(url)) {
      throw new Error(`'url' (${url}) must begin with http:// or https://`);
    }
  }

  /** As the analysis of a Canary has it. */
  toSpec(): object {
    return {
      name: this.name,
      type: this.type,
      url: this.url,
      // It is asked inside of the check: one that hangs would hold up the rollback.
      timeout: '2s',
      ...(this.metadata === undefined ? {} : { metadata: { ...this.metadata } }),
    };
  }
}
