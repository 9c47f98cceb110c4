/** What people give to `bowline new service`. */
export interface NewServiceOptions {
  readonly json: boolean;
  readonly catalog: string;
  readonly team?: string;
  readonly repository?: string;
  readonly requestsPerSecond: string;
  readonly code?: string;
  readonly module?: string;
}
