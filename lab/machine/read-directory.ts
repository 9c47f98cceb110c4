import { type Dirent, readdirSync } from 'node:fs';

/**
 * What a folder holds; nothing, where it has gone since somebody saw it: kubelet and containerd take theirs away while they are walked through.
 * @throws Error when a folder that is there can not be read
 */
export function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    // A control group that is being removed answers with ENODEV.
    if (['ENOENT', 'ENODEV'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      return [];
    }
    throw error;
  }
}
