/** Something that cdk8s-plus-27 writes unasked, and why our manifests say something else. */
export interface OverriddenDefault {
  readonly kind: 'ConfigMap' | 'Deployment' | 'HorizontalPodAutoscaler' | 'Namespace';
  /** JSON pointer into the manifest. */
  readonly field: string;
  /** What would stand there. */
  readonly value: unknown;
  /** The line of cdk8s-plus-27 2.9.5, below lib/, that decides it. */
  readonly source: `${string}.js:${number}`;
  /** What that line says: a test reads it there, so that an upgrade shows what has changed. */
  readonly code: string;
  /** What it breaks. */
  readonly why: string;
  /** How it is overruled: an option has another value, or the field is taken out of what is written. */
  readonly by: 'option' | 'removal';
}
