import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from './apply';
import type { KubernetesClient } from './client';

/** What a follower is told: the whole state at first and after each interruption, then each change. */
export type Change<T> =
  | { readonly kind: 'all'; readonly objects: readonly T[] }
  | { readonly kind: 'changed' | 'deleted'; readonly object: T };

export interface FollowOptions {
  readonly signal: AbortSignal;
  /** Told of each interruption. Default: nobody is. */
  readonly onTrouble?: (message: string) => void;
}

/** Follows a collection by list and watch until the signal. An interruption is followed by a new list, so that nothing is missed. */
export async function follow<T extends KubernetesObject>(
  client: KubernetesClient,
  path: string,
  options: FollowOptions,
  onChange: (change: Change<T>) => void,
): Promise<void> {
  const { signal, onTrouble } = options;
  while (!signal.aborted) {
    try {
      const { items, metadata } = await client.list<T>(path);
      onChange({ kind: 'all', objects: items });
      const until = AbortSignal.any([signal, AbortSignal.timeout(300_000)]);
      for await (const { type, object } of client.watch<T>(path, metadata.resourceVersion, until)) {
        if (type === 'ERROR') {
          // As when the resource version is too old: a new list, and no sooner than after any other trouble.
          throw new Error(`the watch ended: ${JSON.stringify(object)}`);
        }
        if (type !== 'BOOKMARK') {
          onChange({ kind: type === 'DELETED' ? 'deleted' : 'changed', object });
        }
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if ((error as Error).name !== 'TimeoutError' && (error as Error).name !== 'AbortError') {
        onTrouble?.(`${path}: ${(error as Error).message}`);
      }
      await sleep(500);
    }
  }
}
