/** What people give to `bowline run`. */
export interface RunOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly source?: string;
  readonly service?: string;
  readonly state?: string;
  readonly ledger?: string;
  readonly registry?: string;
  readonly deployed?: boolean;
  readonly endpoint?: string;
}
