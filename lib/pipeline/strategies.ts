import type { Construct } from 'constructs';
import type { Platform, Service } from '../catalog';
import type { SigningKeys } from './signing-keys';

/** A project that a pipeline starts. Its name is plain text, so that no stack imports it from another. */
export interface ProjectHandle {
  readonly projectName: string;
}

/** How images are built. Default: BuildKit in a project of the service's own. */
export interface ImageBuilder {
  bindBuilder(scope: Construct, platform: Platform, service: Service): ProjectHandle;
}

/** What decides whether an image may go on. Default: `bowline scan` in one project for the platform. */
export interface VulnerabilityGate {
  bindGate(scope: Construct, platform: Platform): ProjectHandle;
}

/** What signs an image. Default: `bowline sign` with cosign and a KMS key for each class of environments. */
export interface Signer {
  /** Makes the keys, in a stack of their own that is deployed first: their public halves belong into the catalog. */
  bindKeys?(scope: Construct, platform: Platform): SigningKeys;
  bindSigner(scope: Construct, platform: Platform): ProjectHandle;
}

/** What writes the ledger. Default: `bowline promote` in one project for the platform. */
export interface GitOpsWriter {
  bindWriter(scope: Construct, platform: Platform): ProjectHandle;
}

/** The parts of a pipeline that a platform may replace. */
export interface Strategies {
  readonly builder?: ImageBuilder;
  readonly gate?: VulnerabilityGate;
  readonly signer?: Signer;
  readonly writer?: GitOpsWriter;
}
