import { applications } from '../manifests/applications';
import { canaries, mapAt } from '../manifests/canaries';
import type { Finding, Rule } from '../rule';

const syncOptions = 'argocd.argoproj.io/sync-options';

export const deletionLosesService: Rule = {
  id: 'PD013',
  title: 'Deleting a Canary does not take the service with it',
  why: 'Primary, Services and route belong to the Canary and go with it, while the target stands at 0 replicas. revertOnDeletion scales the target up first; Prune=confirm keeps Argo CD from deleting it because a file was moved.',
  level: 'warning',
  check: (objects) => {
    const pruned = applications(objects).some(
      (application) => application.get('spec', 'syncPolicy', 'automated', 'prune') === true,
    );
    return canaries(objects).flatMap((canary) => {
      const findings: Finding[] = [];
      if (canary.get('spec', 'revertOnDeletion') !== true) {
        findings.push({
          object: canary,
          path: ['spec', 'revertOnDeletion'],
          message: 'without revertOnDeletion: true a deleted Canary leaves its target at 0 replicas, and nobody serves',
        });
      }
      const annotations = mapAt(canary, ['metadata', 'annotations']);
      const byArgo = pruned || Object.keys(annotations).some((name) => name.startsWith('argocd.argoproj.io/'));
      const options = String(annotations[syncOptions] ?? '').split(',');
      if (byArgo && !options.some((option) => /^Prune=(?:confirm|false)$/.test(option.trim()))) {
        findings.push({
          object: canary,
          path: ['metadata', 'annotations', syncOptions],
          message: `Argo CD deletes this Canary as soon as its file is gone: annotate it with ${syncOptions}: Prune=confirm,Delete=confirm`,
        });
      }
      return findings;
    });
  },
};
