/** The policy documents that decide about a call, as AWS stores them. */
export interface PolicyDocuments {
  /** The role's own policies, by name. */
  readonly identity: Readonly<Record<string, unknown>>;
  readonly boundary?: unknown;
  /** Policy of the key, bucket or repository. */
  readonly resource?: unknown;
}

/** A call of a role with the policies that were deployed at that time. */
export interface JudgedCall {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string>>;
  readonly documents: PolicyDocuments;
}
