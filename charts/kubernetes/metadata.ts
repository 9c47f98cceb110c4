/** Metadata of an object. The name is always given: none is generated from a hash of the construct path. */
export interface Metadata {
  readonly name: string;
  /** @default none, for a cluster-scoped object */
  readonly namespace?: string;
  /** @default none */
  readonly labels?: Readonly<Record<string, string>>;
  /** @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}
