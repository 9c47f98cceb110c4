/** Annotations with sync options for a single object (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/). */
export const syncOptions = {
  /** Argo CD deletes the object only after a person confirms. Deleting a Canary also deletes the primary, which serves all traffic. */
  confirmDeletion: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
  /** Argo CD merges the fields into an object that something else created, and never deletes it. */
  keepAndMerge: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true' },
  /** When the object leaves git, Argo CD deletes it after all other objects of the sync are healthy. */
  deleteLast: { 'argocd.argoproj.io/sync-options': 'PruneLast=true' },
  /**
   * Argo CD keeps the object when it is no longer in git, and does not report it as a difference. It still deletes it together with the
   * Application (https://argo-cd.readthedocs.io/en/stable/user-guide/compare-options/).
   */
  keepEarlier: {
    'argocd.argoproj.io/sync-options': 'Prune=false',
    'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
  },
} as const;
