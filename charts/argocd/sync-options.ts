/** What Argo CD is told about one object (https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/). */
export const syncOptions = {
  /** A person has to agree before Argo CD deletes it: with a Canary goes the primary that serves all traffic. */
  confirmDeletion: { 'argocd.argoproj.io/sync-options': 'Prune=confirm,Delete=confirm' },
  /** Another's object that ours is merged into: it stays when ours go. */
  keepAndMerge: { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false,ServerSideApply=true' },
} as const;
