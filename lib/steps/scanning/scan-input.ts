import type { Catalog, Service } from '../../catalog';
import type { FindingsPolicy } from '../../gate';
import type { SourceFacts } from '../../image';
import type { Renderer } from '../../ledger';
import type { ExpectedBuilder } from '../../provenance';
import type { Built, Release, Scanned, Verdict } from '../../release';
import type { ImageRepository, Instant } from '../../values';
import type { CatalogFacts, EvidenceReaders, PublicKey, ReleaseIdentity } from '../../verify';
import type { GrypeDatabase } from '../clients/grype';
import type { VulnerabilityDatabases } from '../clients/vulnerability-databases';
import type { ModuleAccess } from '../modules/module-access';
import type { Reporter } from '../reporter';
import type { Artifact } from './artifacts';

export interface ScanInput {
  readonly catalog: Catalog;
  readonly service: Service;
  readonly release: Release;
  /** What the record must say about its service. */
  readonly identity: ReleaseIdentity;
  /** Checkout of the service's repository at the commit of the release. */
  readonly source: string;
  /** Folder of the plain binaries, if the release has any. */
  readonly binaries: string;
  readonly databases: VulnerabilityDatabases;
  /** Renders the manifests of the release: they are checked, too. */
  readonly renderer: Renderer;
  readonly now: Date;
  /** Opens the access to private modules. Called only where the source has such modules and does not vendor them. @default no access */
  readonly openModules?: () => Promise<ModuleAccess>;
  /** Where evidence of an earlier scan of the image can be. @default everything is scanned */
  readonly earlier?: EarlierEvidence;
  readonly reporter: Reporter;
}

/** Where evidence of an earlier scan is, and what it must agree with. */
export interface EarlierEvidence {
  readonly signatures: ImageRepository;
  /** The public keys of every environment class. Each class must have signed the evidence. */
  readonly keys: ReadonlyMap<string, readonly PublicKey[]>;
  readonly facts: CatalogFacts;
  readonly builder: ExpectedBuilder;
  /** @default the registry through crane, and the signatures through cosign */
  readonly readers?: EvidenceReaders;
}

/** A scan whose input has been read, and whose databases are there. */
export interface PreparedScan {
  readonly input: ScanInput;
  readonly built: Built;
  /** What the source is. */
  readonly facts: SourceFacts;
  /** The files that are checked for misconfigurations: path → text. */
  readonly configuration: ReadonlyMap<string, string>;
  readonly artifacts: readonly Artifact[];
  readonly tools: Scanned['tools'];
  readonly grype: GrypeDatabase;
  /** trivy's cache folder. */
  readonly trivy: string;
  readonly policy: FindingsPolicy;
  /** Folder for SBOMs. */
  readonly scratch: string;
}

/** What a scan found, by whichever way. */
export interface ScanOutcome {
  readonly scannedAt: Instant;
  readonly verdict: Verdict;
  readonly sboms: Scanned['sboms'];
  readonly binarySboms: Scanned['binarySboms'];
  /** The SBOMs by the name of their artifact. */
  readonly texts: ReadonlyMap<string, string>;
}
