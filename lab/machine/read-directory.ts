import { type Dirent, readdirSync } from 'node:fs';

/**
 * Lists a directory. A directory that no longer exists is empty: kubelet and containerd remove theirs while the lab walks through them.
 * @throws Error if the directory exists and cannot be read
 */
export function readDirectory(directory: string): readonly Dirent[] {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch (error) {
    // The kernel answers with ENODEV for a control group that is being removed.
    if (['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return [];
    }
    throw error;
  }
}
