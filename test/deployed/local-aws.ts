import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { loadCatalog } from '../../lib/catalog';
import { type LocalDeployment, type RunResult, runRelease, serveLocalAws } from '../../lib/local';
import { downloadBundle } from '../../lib/local/deployed/download-bundle';
import { readDeployedPipeline } from '../../lib/local/deployed/read-deployed-pipeline';
import { openArtifactStore } from '../../lib/local/run/archive/artifact-store';
import { buildEnvironment } from '../../lib/local/run/build-environment';
import {
  type JobEnvironment,
  type PipelineResult,
  runPipeline,
  type SourceContent,
} from '../../lib/local/run/run-pipeline';
import { startLocalServices } from '../../lib/local/services/services';
import { platformNames } from '../../lib/pipeline/names';
import { type Outcome, run } from '../../lib/process';
import { root, stateOf } from '../end-to-end/bench';
import { forgetReleases } from '../end-to-end/forget-releases';
import { openProof, type Proof } from './proof-bench';

const testdata = join(root, 'test', 'end-to-end', 'testdata');
const services = ['shop', 'vulnerable'] as const;

/** A local AWS with a catalog of two services, and the commands to use it. */
export interface DeployedBench {
  readonly deployment: LocalDeployment;
  /** The proxies that all jobs and the CDK command line call. */
  readonly proof: Proof;
  /** Folder of the deployed catalog. */
  readonly catalog: string;
  /** Cloud assembly of the last CDK command. */
  readonly assembly: string;
  readonly notes: string[];
  cdk(...words: readonly string[]): Promise<Outcome>;
  /** Executes the deployed pipeline of a service. */
  execute(service: string, endpoint?: string): Promise<RunResult>;
  /** The log of an action of the last execution of a service's pipeline. */
  logOf(service: string, action: string): string;
  /** Executes the deployed pipeline that judges what runs. */
  rescan(): Promise<RescanRun>;
  dispose(): Promise<void>;
}

export interface RescanRun {
  readonly result: PipelineResult;
  /** The log of the last action. */
  readonly log: string;
}

export async function openDeployedBench(): Promise<DeployedBench> {
  const directory = mkdtempSync(join(tmpdir(), 'bowline-deployed-'));
  const stateDirectory = stateOf('deployed');
  await forgetReleases(stateDirectory);
  // The ledger of an earlier run would contain the releases.
  rmSync(join(stateDirectory, 'aws'), { recursive: true, force: true });
  const written = join(directory, 'catalog');
  cpSync(join(root, 'catalog', 'platform.yaml'), join(written, 'platform.yaml'));
  for (const service of services) {
    cpSync(join(testdata, `${service}.yaml`), join(written, 'services', `${service}.yaml`));
  }
  // Binaries need permissions of their own.
  appendFileSync(join(written, 'services', 'shop.yaml'), 'build: { binaries: [darwin/arm64] }\n');
  const assembly = join(directory, 'cdk.out');
  const notes: string[] = [];
  const reporter = { note: (text: string) => notes.push(text), progress: () => {}, end: () => {} };
  // Any free port: another run may use the usual one.
  const deployment = await serveLocalAws({ catalog: written, stateDirectory, reporter, port: 0 });
  const catalog = deployment.machine.directory;
  const proof = await openProof(deployment);
  return {
    deployment,
    proof,
    catalog,
    assembly,
    notes,
    cdk: (...words) =>
      run({
        program: process.execPath,
        arguments: [join(root, 'node_modules', '.bin', 'cdk'), ...words, '--output', assembly],
        directory: root,
        // The CDK caches accounts in the home directory.
        environment: { ...proof.ownerEnvironment, BOWLINE_CATALOG: catalog, HOME: directory, CI: 'true' },
        timeoutSeconds: 900,
      }),
    execute: (name, endpoint = deployment.aws.endpoint) =>
      runRelease({
        root,
        catalog,
        name,
        source: join(testdata, name),
        stateDirectory,
        deployed: endpoint,
        registry: proof.proxy.registry,
        jobEnvironment: proof.jobEnvironment,
        renderer,
        reporter,
      }),
    logOf: (name, action) => join(stateDirectory, 'aws', 'runs', name, 'log', `${action}.log`),
    rescan: () =>
      executeRescan({
        catalog,
        stateDirectory,
        endpoint: deployment.aws.endpoint,
        scratch: directory,
        jobEnvironment: proof.jobEnvironment,
      }),
    dispose: async () => {
      await proof.stop();
      await deployment.aws.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function executeRescan({
  catalog,
  stateDirectory,
  endpoint,
  scratch,
  jobEnvironment,
}: {
  readonly catalog: string;
  readonly stateDirectory: string;
  readonly endpoint: string;
  readonly scratch: string;
  readonly jobEnvironment: JobEnvironment;
}): Promise<RescanRun> {
  const { platform } = loadCatalog(catalog);
  const aws = { endpoint, ...platform.pipeline };
  const services = await startLocalServices({ stateDirectory, region: aws.region, keys: [], aws: endpoint });
  try {
    const pipeline = await readDeployedPipeline(aws, platformNames(platform).rescan.pipeline);
    const sources = new Map<string, SourceContent>();
    for (const artifact of ['Bowline', 'Catalog']) {
      const zip = join(scratch, `${artifact}.zip`);
      writeFileSync(zip, await downloadBundle(aws, pipeline, artifact));
      sources.set(artifact, { zip, variables: {} });
    }
    const logDirectory = join(scratch, 'rescan');
    const result = await runPipeline({
      pipeline,
      store: await openArtifactStore({
        endpoint,
        region: aws.region,
        bucket: pipeline.artifactBucket,
        execution: 'rescan',
      }),
      sources,
      environment: buildEnvironment(process.env, {
        root,
        services,
        // The run of a release has written them: the deployed catalog has none.
        keys: join(stateDirectory, 'aws', 'keys'),
        databases: 'fixture',
      }),
      jobEnvironment,
      logDirectory,
      onAction: () => {},
      onDone: () => {},
    });
    const log = join(logDirectory, 'Rescan-Rescan.log');
    return { result, log: existsSync(log) ? readFileSync(log, 'utf8') : '' };
  } finally {
    await services.stop();
  }
}
