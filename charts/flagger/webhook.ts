/** Key-value pairs that Flagger sends in the body of a webhook call. */
export type WebhookMetadata = Readonly<Record<string, string>>;

/**
 * An HTTP endpoint that Flagger calls during a rollout. It succeeds with a status from 200 to 202, and fails with any other.
 * @see https://docs.flagger.app/usage/webhooks
 */
export class Webhook {
  /** Called at every check. If it fails, the check fails. */
  static rollout(name: string, url: string, metadata?: WebhookMetadata): Webhook {
    return new Webhook('rollout', name, url, metadata);
  }

  /** Called at every check. If it succeeds, Flagger rolls the release back at once. */
  static rollback(name: string, url: string, metadata?: WebhookMetadata): Webhook {
    return new Webhook('rollback', name, url, metadata);
  }

  /** Called after the rollout, with its outcome. */
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
      throw new Error(`'url' must begin with http:// or https://, got: ${url}`);
    }
  }

  /** An item of `spec.analysis.webhooks` of a Canary. */
  toSpec(): object {
    return {
      name: this.name,
      type: this.type,
      url: this.url,
      // Flagger waits for the response before it continues the check: without a short timeout, a hanging endpoint would delay the rollback.
      timeout: '2s',
      metadata: this.metadata,
    };
  }
}
