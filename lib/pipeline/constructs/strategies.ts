import type { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import type { SigningKeys } from './signing-keys';

/** A project that a pipeline starts. Its name is plain text, so that no stack imports it from another. */
export interface ProjectHandle {
  readonly projectName: string;
}

/** How images are built. Default: BuildKit in a project of the service's own. */
export interface ImageBuilder<Build extends ProjectHandle = ProjectHandle> {
  bindBuilder(scope: Construct, platform: Platform, service: Service): Build;
}

/** What decides whether an image may go on. Default: `bowline scan` in one project for the platform. */
export interface VulnerabilityGate<Scan extends ProjectHandle = ProjectHandle> {
  bindGate(scope: Construct, platform: Platform): Scan;
}

/** What signs an image. Default: `bowline sign` with cosign and a KMS key for each class of environments. */
export interface Signer<Sign extends ProjectHandle = ProjectHandle> {
  /** Makes the keys, in a stack of their own that is deployed first: their public halves belong into the catalog. */
  bindKeys?(scope: Construct, platform: Platform): SigningKeys;
  bindSigner(scope: Construct, platform: Platform): Sign;
}

/** What writes the ledger. Default: `bowline promote` in one project for the platform. */
export interface GitOpsWriter<Promote extends ProjectHandle = ProjectHandle> {
  bindWriter(scope: Construct, platform: Platform): Promote;
}

/** The parts of a pipeline that a platform may replace. What each of them makes is what `Platform` is then typed with. */
export interface Strategies<
  Build extends ProjectHandle = ProjectHandle,
  Scan extends ProjectHandle = ProjectHandle,
  Sign extends ProjectHandle = ProjectHandle,
  Promote extends ProjectHandle = ProjectHandle,
> {
  readonly builder?: ImageBuilder<Build>;
  readonly gate?: VulnerabilityGate<Scan>;
  readonly signer?: Signer<Sign>;
  readonly writer?: GitOpsWriter<Promote>;
}
