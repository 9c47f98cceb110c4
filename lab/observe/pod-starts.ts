/** What a Deployment says of its pods at a moment. */
export interface PodCount {
  /** Unix milliseconds. */
  readonly at: number;
  readonly deployment: string;
  readonly image: string;
  /** Pods that it is to have. */
  readonly wanted: number;
  /** Whether all of these are there, of this image, and ready. */
  readonly complete: boolean;
}

/** How long the pods of an image took to get ready, all of a Deployment. */
export interface PodStart {
  readonly deployment: string;
  readonly image: string;
  readonly seconds: number;
}

/** Learns from what Deployments say how long their pods take to start. One that already runs when it is first seen has no start. */
export class PodStarts {
  private readonly images = new Map<string, string | undefined>();
  private readonly waiting = new Map<string, number>();
  private readonly known: PodStart[] = [];

  see({ at, deployment, image, wanted, complete }: PodCount): void {
    if (wanted === 0) {
      // What it makes next are new pods, of the same image too.
      this.images.set(deployment, undefined);
      this.waiting.delete(deployment);
      return;
    }
    const seen = this.images.has(deployment);
    if (this.images.get(deployment) !== image) {
      this.images.set(deployment, image);
      if (seen || !complete) {
        this.waiting.set(deployment, at);
      }
    }
    const since = this.waiting.get(deployment);
    if (complete && since !== undefined && at > since) {
      this.waiting.delete(deployment);
      this.known.push({ deployment, image, seconds: (at - since) / 1000 });
    }
  }

  starts(): readonly PodStart[] {
    return this.known;
  }
}
