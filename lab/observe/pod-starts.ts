/** The status of a Deployment's pods at one time. */
export interface PodCount {
  /** Unix milliseconds. */
  readonly at: number;
  readonly deployment: string;
  readonly image: string;
  /** Number of pods in the specification. */
  readonly wanted: number;
  /** Whether all of these pods exist, have this image, and are ready. */
  readonly complete: boolean;
}

/** How long all pods of a Deployment took to become ready. */
export interface PodStart {
  readonly deployment: string;
  readonly image: string;
  readonly seconds: number;
}

/** Measures from the status of Deployments how long their pods take to start. Pods that were ready when first observed have no start time. */
export class PodStarts {
  private readonly images = new Map<string, string | undefined>();
  private readonly startingSince = new Map<string, number>();
  private readonly measured: PodStart[] = [];

  observe({ at, deployment, image, wanted, complete }: PodCount): void {
    if (wanted === 0) {
      // The next pods are new, even if they have the same image.
      this.images.set(deployment, undefined);
      this.startingSince.delete(deployment);
      return;
    }
    const isKnown = this.images.has(deployment);
    if (this.images.get(deployment) !== image) {
      this.images.set(deployment, image);
      if (isKnown || !complete) {
        this.startingSince.set(deployment, at);
      }
    }
    const since = this.startingSince.get(deployment);
    if (complete && since !== undefined && at > since) {
      this.startingSince.delete(deployment);
      this.measured.push({ deployment, image, seconds: (at - since) / 1000 });
    }
  }

  starts(): readonly PodStart[] {
    return this.measured;
  }
}
