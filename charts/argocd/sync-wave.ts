/**
 * The position of an object in Argo CD's sync order. Argo CD applies a wave only after the objects of the previous wave are healthy.
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-waves/
 */
export class SyncWave {
  /** The project and the Applications that deploy everything else. */
  static readonly bootstrap = SyncWave.of(-5);
  /** What a cluster needs before its first namespace: add-ons with their CRDs, the admission policy, the configuration of Argo CD. */
  static readonly foundations = SyncWave.of(-4);
  static readonly namespaces = SyncWave.of(-3);
  /** Projects, network policies, service accounts. */
  static readonly permissions = SyncWave.of(-2);
  /** What must exist before a release starts: metric templates, monitors, alerting rules, the disruption budget. */
  static readonly prerequisites = SyncWave.of(-1);
  /** The Deployment and its autoscaler. */
  static readonly workload = SyncWave.of(0);
  /** The Canary and its route. */
  static readonly rollout = SyncWave.of(1);
  static readonly dashboards = SyncWave.of(2);
  /** The Application of all services, after everything else of the environment. */
  static readonly services = SyncWave.of(5);

  static of(number: number): SyncWave {
    return new SyncWave(number);
  }

  /** The annotation that puts an object into this wave. */
  readonly annotations: Readonly<Record<string, string>>;

  private constructor(readonly number: number) {
    if (!Number.isInteger(number)) {
      throw new Error(`'wave' must be a whole number, got: ${number}`);
    }
    this.annotations = { 'argocd.argoproj.io/sync-wave': String(number) };
  }
}
