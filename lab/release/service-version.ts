/** A version of a service of the lab, with the faults that it has on purpose (examples/hello/internal/fault). */
export interface ServiceVersion {
  readonly version: string;
  readonly fault?: {
    readonly errorRate?: number;
    readonly delay?: string;
    readonly delayRate?: number;
    readonly crashAfter?: string;
    readonly neverReady?: boolean;
  };
}
