/** What people give to `bowline init`. */
export interface InitOptions {
  readonly json: boolean;
  readonly name?: string;
  readonly account?: string;
  readonly region: string;
  readonly connection?: string;
  readonly ledger?: string;
  readonly githubApp?: string;
  readonly githubInstallation?: string;
  readonly hostname?: string;
  readonly devAccount?: string;
  readonly prodAccount?: string;
  readonly bowline?: string;
}
