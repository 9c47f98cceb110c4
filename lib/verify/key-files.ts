import { join } from 'node:path';
import { withTemporaryFolder, writeFileAtomic } from '../process';
import { hexOf } from '../values';
import type { PublicKey } from './public-keys';

/** A public key in a file of its own, as cosign reads it. */
export interface KeyFile {
  readonly key: PublicKey;
  readonly file: string;
}

/** Writes each key to a file for the time of some work. */
export async function withKeyFiles<Result>(
  keys: readonly PublicKey[],
  work: (files: readonly KeyFile[]) => Promise<Result>,
): Promise<Result> {
  return withTemporaryFolder('keys', (scratch) =>
    work(
      keys.map((key) => {
        const file = join(scratch, `${hexOf(key.digest)}.pub`);
        writeFileAtomic(file, key.pem);
        return { key, file };
      }),
    ),
  );
}
