import type { Service } from '../catalog';
import { type BuildLayout, joinPaths, normalizePath } from './source/layout';

/** The working directory of an image that has files of its source (`build.files`). */
export const filesDirectory = '/app';

/**
 * Renders the files that the program reads at run time. Everybody can read them, only root could write them, and the modes do not depend on
 * the umask of a checkout.
 */
export function renderImageFiles({ build }: Service, layout: BuildLayout): readonly string[] {
  if (build.files.length === 0) {
    return [];
  }
  const copies = build.files.map((path) => {
    const name = normalizePath(path);
    return `COPY --chmod=u=rwX,go=rX ${joinPaths(layout.module, name)} ${filesDirectory}/${name}`;
  });
  return [`WORKDIR ${filesDirectory}`, ...copies];
}
