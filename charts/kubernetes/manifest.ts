import { App, Chart, Yaml } from 'cdk8s';
import type { Construct } from 'constructs';

/**
 * Synthesizes objects to YAML, one document each, in the order in which `build` makes them. Every call has an App of its own:
 * `App.synth` walks the whole app once per chart, so that many charts in one app cost their square.
 */
export function documents(build: (scope: Construct) => void): string {
  const app = new App({ outdir: '' });
  const chart = new Chart(app, 'objects', { disableResourceNameHashes: true });
  build(chart);
  return Yaml.stringify(...(chart.toJson() as unknown[]));
}

/** Annotations that Argo CD reads. */
export const argocd = {
  /** Objects of a lower wave come first. */
  wave: (wave: number) => ({ 'argocd.argoproj.io/sync-wave': String(wave) }),
  /** A person has to agree before Argo CD deletes it: with a Canary goes the primary that serves all traffic. */
  confirmDeletion: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
} as const;
