import { setTimeout as sleep } from 'node:timers/promises';
import type { KubernetesObject } from './apply';
import type { KubernetesClient } from './client';

/** All objects at the start and after each interruption, then one change at a time. */
export type Change<T> =
  | { readonly kind: 'all'; readonly objects: readonly T[] }
  | { readonly kind: 'changed' | 'deleted'; readonly object: T };

export interface WatchOptions<T> {
  readonly client: KubernetesClient;
  /** API path of the collection. */
  readonly path: string;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly onChange: (change: Change<T>) => void;
  /** Default: interruptions are not reported. */
  readonly onInterruption?: (message: string) => void;
}

/** Lists and watches a collection until the signal. After an interruption it lists again, so that no change is missed. */
export async function watchCollection<T extends KubernetesObject>(options: WatchOptions<T>): Promise<void> {
  const { client, path, signal, onChange, onInterruption } = options;
  while (!signal.aborted) {
    try {
      const { items, metadata } = await client.list<T>(path);
      onChange({ kind: 'all', objects: items });
      const until = AbortSignal.any([signal, AbortSignal.timeout(300_000)]);
      for await (const { type, object } of client.watch<T>(path, metadata.resourceVersion, until)) {
        if (type === 'ERROR') {
          // For example, the resource version is too old. List again after the same delay as for other errors.
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
      const { name, message } = error as Error;
      if (name !== 'TimeoutError' && name !== 'AbortError') {
        onInterruption?.(`${path}: ${message}`);
      }
      await sleep(500);
    }
  }
}
