import { findApplications } from '../manifests/applications';
import { findCanaries } from '../manifests/canaries';
import { mapAt } from '../manifests/find-objects';
import type { Finding, Rule } from '../rule';

const syncOptions = 'argocd.argoproj.io/sync-options';

export const deletionLosesService: Rule = {
  id: 'PD013',
  title: 'Deleting a Canary keeps the service running',
  why: 'The Canary owns the primary, the Services and the route, and deleting it deletes them while the target has 0 replicas. revertOnDeletion scales the target up first. Prune=confirm keeps Argo CD from deleting the Canary because its file was moved.',
  level: 'warning',
  check: (objects) => {
    const isPruned = findApplications(objects).some(
      (application) => application.get('spec', 'syncPolicy', 'automated', 'prune') === true,
    );
    return findCanaries(objects).flatMap((canary) => {
      const findings: Finding[] = [];
      if (canary.get('spec', 'revertOnDeletion') !== true) {
        findings.push({
          object: canary,
          path: ['spec', 'revertOnDeletion'],
          message:
            'deleting this Canary leaves its target at 0 replicas, and the service is down: set revertOnDeletion: true',
        });
      }
      const annotations = mapAt(canary, ['metadata', 'annotations']);
      const usesArgoCD = isPruned || Object.keys(annotations).some((name) => name.startsWith('argocd.argoproj.io/'));
      const options = String(annotations[syncOptions] ?? '').split(',');
      if (usesArgoCD && !options.some((option) => /^Prune=(?:confirm|false)$/.test(option.trim()))) {
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
