import type { Catalog, Platform, Service } from '../../catalog';
import type { SourceFacts } from '../../image';
import type { Renderer } from '../../ledger';
import type { DatabaseOrigin } from '../../release';
import type { Reporter } from '../../steps';
import type { SynthesizedPipeline } from '../assembly/read-assembly';
import type { LocalServices, LocalServicesOptions } from '../services/services';
import type { ActionResult } from './action-result';
import type { JobEnvironment } from './run-pipeline';

/** Options of `bowline run`. */
export interface RunInput {
  /** The checkout or npm package of Bowline, which has the CDK app. */
  readonly root: string;
  /** Folder with platform.yaml and services/. */
  readonly catalog: string;
  /** Name of a service in the catalog. */
  readonly name?: string;
  /** A service file outside the catalog. */
  readonly serviceFile?: string;
  /** Checkout of the service's repository. */
  readonly source: string;
  /** Folder for registry, caches, keys and ledger. @default defaultStateDirectory() */
  readonly stateDirectory?: string;
  /** Bare git repository, by path or URL. @default a repository in the state folder */
  readonly ledger?: string;
  /** `host:port` of a running registry for images and signatures. @default a registry that this run starts */
  readonly registry?: string;
  /** Endpoint of an AWS that has the pipeline: execute the deployed pipeline. @default the pipeline that the CDK app synthesizes */
  readonly deployed?: string;
  /** See {@link JobEnvironment}. @default every job has the same environment */
  readonly jobEnvironment?: JobEnvironment;
  readonly renderer: Renderer;
  readonly reporter: Reporter & { end(): void };
}

/** Where the pipeline of a run comes from: the CDK app, or an AWS that it is deployed to. */
export interface PipelineSource {
  /** Folder for runs and keys, in the state folder. @default the state folder itself */
  readonly stateFolder?: string;
  /** What the run needs of the local services. */
  serviceOptions(platform: Platform, service: Service): Pick<LocalServicesOptions, 'keys' | 'buckets' | 'aws'>;
  prepare(input: PrepareInput): Promise<PreparedRun>;
}

export interface PrepareInput {
  readonly input: RunInput;
  readonly platform: Platform;
  readonly service: Service;
  /** Facts about the checkout of the service. */
  readonly facts: SourceFacts;
  readonly services: LocalServices;
  /** Folder for the runs of this service. */
  readonly home: string;
}

/** The artifacts of a pipeline that a deployment makes. */
export const bundleArtifacts = ['Bowline', 'Catalog'] as const;
export type BundleArtifact = (typeof bundleArtifacts)[number];

/** What a run executes. */
export interface PreparedRun {
  /** The catalog that the pipeline was synthesized from. */
  readonly catalog: Catalog;
  /** Folder of that catalog. */
  readonly catalogDirectory: string;
  readonly pipeline: SynthesizedPipeline;
  /** What the pipeline's builds run, as zip files: the command line, and the catalog. */
  readonly bundle: Readonly<Record<BundleArtifact, Uint8Array>>;
  readonly artifactBucket: string;
  /** Repository, by path or URL. */
  readonly ledger: string;
  readonly databases: DatabaseOrigin;
  /** Folder of the public keys to verify with, one file per class. @default keys exported from the local AWS */
  readonly keys?: string;
  /** The preparation, as a step of the run. */
  readonly step: ActionResult;
}
