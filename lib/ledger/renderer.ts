import type { ServiceInEnvironment } from '../catalog';
import type { EnvironmentFile } from './inputs';
import type { ReleaseFile } from './release-file';

/** Texts by path in the ledger. */
export type RenderedFiles = ReadonlyMap<string, string>;

/**
 * Renders the outputs of the ledger from its inputs. Pure: the same inputs result in the same bytes.
 * The charts implement it, so that the writers of the ledger do not depend on Kubernetes.
 */
export interface Renderer {
  /** `manifests/<environment>/<service>/…` and `apps/<environment>/<service>.yaml`. The manifests contain the image digest exactly once. */
  service(service: ServiceInEnvironment, release: ReleaseFile): RenderedFiles;
  /** `platform/<environment>/…`. */
  environment(environment: EnvironmentFile, services: readonly ServiceInEnvironment[]): RenderedFiles;
}
