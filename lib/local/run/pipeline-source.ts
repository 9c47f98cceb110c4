import type { Catalog, Platform, Service } from '../../catalog';
import type { SourceFacts } from '../../image';
import type { Renderer } from '../../ledger';
import type { Reporter } from '../../steps';
import type { SynthesizedPipeline } from '../assembly/read-assembly';
import type { LocalServices } from '../services/services';
import type { ActionResult } from './run-pipeline';

export interface RunInput {
  /** The checkout of Bowline: its CDK app is what is run. */
  readonly root: string;
  readonly catalog: string;
  /** Name of a service of the catalog. */
  readonly name?: string;
  /** A service file outside of the catalog. */
  readonly serviceFile?: string;
  /** Checkout of the service's repository. */
  readonly source: string;
  /** Where registry, caches, keys and ledger are kept. */
  readonly stateDirectory?: string;
  /** Bare git repository, by path or by URL. Default: one in the state folder. */
  readonly ledger?: string;
  /** `host:port` of a registry for images and signatures that runs already. Default: one of this run's own. */
  readonly registry?: string;
  /** Endpoint of an AWS that has the pipeline: then that one is executed. Default: what the CDK app synthesizes now. */
  readonly deployed?: string;
  readonly renderer: Renderer;
  readonly reporter: Reporter & { end(): void };
}

/** What a run is prepared from. */
export interface Preparation {
  readonly input: RunInput;
  readonly platform: Platform;
  readonly service: Service;
  /** Of the checkout that is run. */
  readonly facts: SourceFacts;
  readonly services: LocalServices;
  /** Folder of this service's runs. */
  readonly home: string;
}

/** What a run executes, and where it came from. */
export interface Prepared {
  /** What the pipeline was made of. */
  readonly catalog: Catalog;
  readonly pipeline: SynthesizedPipeline;
  /** The command line that its builds run: a zip file. */
  readonly bundle: Uint8Array;
  readonly artifactBucket: string;
  /** Repository by path or URL. */
  readonly ledger: string;
  readonly databases: Databases;
  /** Folder of the public keys to verify with, one file a class. Default: exported from the local AWS. */
  readonly keys?: string;
  readonly step: ActionResult;
}

/** Whether the scanners' feeds answer, or a small database stands in for them. */
export type Databases = 'feed' | 'fixture';
