/**
 * The place of an object in Argo CD's order: a wave is healthy before the next one is applied.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export class SyncWave {
  /** The project and the Applications that bring everything else. */
  static readonly bootstrap = SyncWave.of(-5);
  /** What a cluster has before it has namespaces of ours: add-ons with their definitions, admission, what Argo CD has to know. */
  static readonly foundations = SyncWave.of(-4);
  static readonly namespaces = SyncWave.of(-3);
  /** Who may do what: projects, policies, accounts. */
  static readonly permissions = SyncWave.of(-2);
  /** What judges and guards a release stands before there is one: queries, monitors, rules, alerts. */
  static readonly judges = SyncWave.of(-1);
  /** What runs. */
  static readonly target = SyncWave.of(0);
  /** How it goes out. */
  static readonly rollout = SyncWave.of(1);
  /** What people look at. */
  static readonly views = SyncWave.of(2);
  /** All services, after their platform. */
  static readonly services = SyncWave.of(5);

  static of(number: number): SyncWave {
    return new SyncWave(number);
  }

  /** What an object says to be of this wave. */
  readonly annotations: Readonly<Record<string, string>>;

  private constructor(readonly number: number) {
    if (!Number.isInteger(number)) {
      throw new Error(`'wave' (${number}) must be a whole number`);
    }
    this.annotations = { 'argocd.argoproj.io/sync-wave': String(number) };
  }
}
