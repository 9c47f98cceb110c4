import type { ServiceInEnvironment } from '../catalog';
import type { EnvironmentFile } from './inputs';
import type { ReleaseFile } from './release-file';

/** Path in the ledger → text. */
export type RenderedFiles = ReadonlyMap<string, string>;

/**
 * Turns the ledger's inputs into its outputs: pure, and the same bytes for the same inputs.
 * Declared here and implemented by the charts, so that the ledger's writers need not know Kubernetes.
 */
export interface Renderer {
  /** `manifests/<environment>/<service>/…` and `apps/<environment>/<service>.yaml`; the image digest stands exactly once in the manifests. */
  service(service: ServiceInEnvironment, release: ReleaseFile): RenderedFiles;
  /** `platform/<environment>/…`. */
  environment(environment: EnvironmentFile, services: readonly ServiceInEnvironment[]): RenderedFiles;
}
