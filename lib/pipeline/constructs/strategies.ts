import type { Construct } from 'constructs';
import type { Platform, Service } from '../../catalog';
import type { SigningKeys } from './signing-keys';

/** The CodeBuild project of a strategy. Its name is plain text, so that no stack imports it from another one. */
export interface ProjectHandle {
  /** Name of the project that the pipeline starts. */
  readonly projectName: string;
}

/** Builds the image of a service. The default is {@link BuildKitBuilder}. */
export interface ImageBuilder<Build extends ProjectHandle = ProjectHandle> {
  /**
   * Creates the project that builds one service.
   * @param scope the {@link ServicePipeline} of the service
   */
  bindBuilder(scope: Construct, platform: Platform, service: Service): Build;
}

/** Decides whether an image may be signed and promoted. The default is {@link BowlineGate}. */
export interface VulnerabilityGate<Scan extends ProjectHandle = ProjectHandle> {
  /**
   * Creates the project that scans the images of all services.
   * @param scope the {@link PlatformStack}
   * @param services all services: some need a credential for private modules
   */
  bindGate(scope: Construct, platform: Platform, services: readonly Service[]): Scan;
}

/** Signs images. The default is {@link KmsSigner}. */
export interface Signer<Sign extends ProjectHandle = ProjectHandle> {
  /**
   * Creates the signing keys, if the signer uses keys in KMS. Their stack is deployed first, because the catalog contains the public keys.
   * @param scope the {@link KeysStack}
   */
  bindKeys?(scope: Construct, platform: Platform): SigningKeys;
  /**
   * Creates the project that signs the images of all services.
   * @param scope the {@link PlatformStack}
   */
  bindSigner(scope: Construct, platform: Platform): Sign;
}

/** Writes releases to the ledger. The default is {@link LedgerWriter}. */
export interface GitOpsWriter<Promote extends ProjectHandle = ProjectHandle> {
  /**
   * Creates the project that promotes the releases of all services.
   * @param scope the {@link PlatformStack}
   */
  bindWriter(scope: Construct, platform: Platform): Promote;
}

/** The replaceable parts of a pipeline. Each type parameter is the type of the project that the strategy creates. */
export interface Strategies<
  Build extends ProjectHandle = ProjectHandle,
  Scan extends ProjectHandle = ProjectHandle,
  Sign extends ProjectHandle = ProjectHandle,
  Promote extends ProjectHandle = ProjectHandle,
> {
  /** @default BuildKitBuilder */
  readonly builder?: ImageBuilder<Build>;
  /** @default BowlineGate */
  readonly gate?: VulnerabilityGate<Scan>;
  /** @default KmsSigner */
  readonly signer?: Signer<Sign>;
  /** @default LedgerWriter */
  readonly writer?: GitOpsWriter<Promote>;
}
