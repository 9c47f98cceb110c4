import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadCatalog, registryHost } from '../../catalog';
import { badInput } from '../../errors';
import { platformNames, serviceNames } from '../../pipeline/names';
import { unpack } from '../run/archive/unzip';
import { chooseDatabases, openLedger, reportLocalSubstitutes } from '../run/local-substitutes';
import type { Preparation, Prepared } from '../run/pipeline-source';
import { formatActionResult, timedStep } from '../run/action-result';
import { downloadBundle } from './download-bundle';
import { readDeployedPipeline } from './read-deployed-pipeline';

/**
 * A run of what is deployed: the pipeline, its projects and its bundle as AWS answers for them, nothing of this checkout's catalog but the
 * names to ask for.
 * @throws BowlineError `input` when the service is not deployed, or for another registry than this machine has
 */
export async function prepareDeployed({ input, platform, service, services, home }: Preparation): Promise<Prepared> {
  const { reporter } = input;
  const aws = { endpoint: services.aws.endpoint, ...platform.pipeline };
  const started = process.hrtime.bigint();
  const pipeline = await readDeployedPipeline(aws, serviceNames(platform, service.name).pipeline);
  const bundle = await downloadBundle(aws, pipeline, 'Bowline');
  // The catalog that was deployed: the bundle carries it.
  const deployed = join(home, 'bundle');
  rmSync(deployed, { recursive: true, force: true });
  unpack(bundle, deployed);
  const catalog = loadCatalog(join(deployed, 'catalog'));
  const keys = committedKeys(join(deployed, 'catalog', 'keys'), platformNames(catalog.platform).classes);
  const step = timedStep(started, 'Read back');

  const registry = registryHost(catalog.platform);
  const here = input.registry ?? services.registry;
  if (registry !== here) {
    throw badInput(
      'input',
      `the deployed pipeline keeps its images in ${registry}, and this machine's registry is ${here}: deploy the catalog that "npm run aws:local" wrote for this machine (BOWLINE_CATALOG), or name the registry with --registry`,
    );
  }
  const databases = await chooseDatabases();
  const ledger = await openLedger(catalog.platform.ledger.repository.replace(/^file:\/\//, ''), catalog.platform);
  reportLocalSubstitutes(reporter, {
    registry,
    endpoint: aws.endpoint,
    ledger,
    why: 'those of the deployed catalog',
    keys: keys === undefined ? 'of the local AWS: the deployed catalog has none' : 'those of the deployed catalog',
    databases,
    source: input.source,
  });
  reporter.note(`${formatActionResult(step)}  ${pipeline.name}, version ${pipeline.version}`);
  return {
    catalog,
    pipeline,
    bundle,
    artifactBucket: pipeline.artifactBucket,
    ledger,
    databases,
    step,
    ...(keys === undefined ? {} : { keys }),
  };
}

/** The folder of the public keys that were committed, if each class has one (`bowline bootstrap` writes them). */
function committedKeys(directory: string, classes: readonly string[]): string | undefined {
  return classes.every((name) => existsSync(join(directory, `${name}.pub`))) ? directory : undefined;
}
