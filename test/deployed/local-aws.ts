import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { type LocalDeployment, type RunResult, runRelease, serveLocalAws } from '../../lib/local';
import { type Outcome, run } from '../../lib/process';
import { root, stateOf } from '../end-to-end/bench';
import { forgetReleases } from '../end-to-end/forget-releases';

const testdata = join(root, 'test', 'end-to-end', 'testdata');
const services = ['shop', 'vulnerable'] as const;

/** A local AWS with a catalog of two services, and the commands to use it. */
export interface DeployedBench {
  readonly deployment: LocalDeployment;
  /** Folder of the deployed catalog. */
  readonly catalog: string;
  /** Cloud assembly of the last CDK command. */
  readonly assembly: string;
  readonly notes: string[];
  cdk(...words: readonly string[]): Promise<Outcome>;
  /** Executes the deployed pipeline of a service. */
  execute(service: string, endpoint?: string): Promise<RunResult>;
  dispose(): Promise<void>;
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
  const assembly = join(directory, 'cdk.out');
  const notes: string[] = [];
  const reporter = { note: (text: string) => notes.push(text), progress: () => {}, end: () => {} };
  const deployment = await serveLocalAws({ catalog: written, stateDirectory, reporter });
  const catalog = deployment.machine.directory;
  return {
    deployment,
    catalog,
    assembly,
    notes,
    cdk: (...words) =>
      run({
        program: process.execPath,
        arguments: [join(root, 'node_modules', '.bin', 'cdk'), ...words, '--output', assembly],
        directory: root,
        // The CDK caches accounts in the home directory.
        environment: { ...deployment.aws.environment, BOWLINE_CATALOG: catalog, HOME: directory, CI: 'true' },
        timeoutSeconds: 300,
      }),
    execute: (name, endpoint = deployment.aws.endpoint) =>
      runRelease({
        root,
        catalog,
        name,
        source: join(testdata, name),
        stateDirectory,
        deployed: endpoint,
        renderer,
        reporter,
      }),
    dispose: async () => {
      await deployment.aws.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
