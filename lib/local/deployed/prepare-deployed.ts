import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog, registryHost } from '../../catalog';
import { badInput } from '../../errors';
import { platformNames, serviceNames } from '../../pipeline/names';
import { publicKeyFile } from '../../verify';
import { formatActionResult, timedStep } from '../run/action-result';
import { unzip } from '../run/archive/unzip';
import { chooseDatabases, ensureLedger, reportLocalSubstitutes } from '../run/local-substitutes';
import type { PipelineSource, PreparedRun, PrepareInput } from '../run/pipeline-source';
import { downloadBundle } from './download-bundle';
import { readDeployedPipeline } from './read-deployed-pipeline';

/** The pipeline that is deployed to the AWS at `endpoint`. */
export function deployedPipeline(endpoint: string): PipelineSource {
  return {
    stateFolder: 'aws',
    // The deployed stacks have made the keys and the buckets.
    serviceOptions: () => ({ keys: [], aws: endpoint }),
    prepare: prepareDeployed,
  };
}

/**
 * Reads the pipeline, its projects and its bundle from AWS. The catalog of the checkout only gives the names to ask for: the run uses the
 * deployed catalog.
 * @throws BowlineError `input` when the service is not deployed, or is deployed with the registry of another machine
 */
async function prepareDeployed({ input, platform, service, services, home }: PrepareInput): Promise<PreparedRun> {
  const { reporter } = input;
  const aws = { endpoint: services.aws.endpoint, ...platform.pipeline };
  const started = process.hrtime.bigint();
  const pipeline = await readDeployedPipeline(aws, serviceNames(platform, service.name).pipeline);
  const bundle = {
    Bowline: await downloadBundle(aws, pipeline, 'Bowline'),
    Catalog: await downloadBundle(aws, pipeline, 'Catalog'),
  };
  // The pipeline of a service has its part of the catalog; publishing needs the whole one, which the daily rescan has.
  const rescan = await readDeployedPipeline(aws, platformNames(platform).rescan.pipeline);
  const catalogDirectory = join(home, 'catalog');
  rmSync(catalogDirectory, { recursive: true, force: true });
  unzip(await downloadBundle(aws, rescan, 'Catalog'), catalogDirectory);
  const catalog = loadCatalog(catalogDirectory);
  const keys = findCommittedKeys(catalogDirectory, platformNames(catalog.platform).classes);
  const step = timedStep(started, 'Read back');

  const registry = registryHost(catalog.platform);
  const localRegistry = input.registry ?? services.registry;
  if (registry !== localRegistry) {
    throw badInput(
      'input',
      `the deployed pipeline uses the registry ${registry}, and the registry of this machine is ${localRegistry}: deploy the catalog that "npm run aws:local" wrote (BOWLINE_CATALOG), or name the registry with --registry`,
    );
  }
  const databases = await chooseDatabases();
  const ledger = await ensureLedger(catalog.platform.ledger.repository.replace(/^file:\/\//, ''), catalog.platform);
  reportLocalSubstitutes(reporter, {
    registry,
    endpoint: aws.endpoint,
    ledger,
    baseImages: 'those of the deployed catalog',
    keys: keys === undefined ? 'from the local AWS: the deployed catalog has none' : 'those of the deployed catalog',
    databases,
    source: input.source,
  });
  reporter.note(`${formatActionResult(step)}  ${pipeline.name}, version ${pipeline.version}`);
  return {
    catalog,
    catalogDirectory,
    pipeline,
    bundle,
    artifactBucket: pipeline.artifactBucket,
    ledger,
    databases,
    step,
    keys,
  };
}

/** The folder of public keys in the catalog, if it has the key of every environment class (`bowline bootstrap` writes them). */
function findCommittedKeys(catalog: string, classes: readonly string[]): string | undefined {
  return classes.every((name) => existsSync(publicKeyFile({ catalog }, name))) ? join(catalog, 'keys') : undefined;
}
