/** Annotations with sync options for a single object (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/). */
export const syncOptions = {
  /** Argo CD deletes the object only after a person confirms. Deleting a Canary also deletes the primary, which serves all traffic. */
  confirmDeletion: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
  /** Argo CD merges the fields into an object that something else created, and never deletes it. */
  keepAndMerge: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true' },
} as const;
