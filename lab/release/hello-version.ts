/** What a commit of the example service says of itself: its version, and what goes wrong on purpose (examples/hello/internal/fault). */
export interface HelloVersion {
  readonly version: string;
  readonly fault?: {
    readonly errorRate?: number;
    readonly delay?: string;
    readonly delayRate?: number;
    readonly crashAfter?: string;
    readonly neverReady?: boolean;
  };
}
