import { join } from 'node:path';
import type { Service } from '../../catalog';
import { badInput } from '../../errors';
import { checkGoVersion, describeGoVersionMismatch, type SourceFacts } from '../../image';
import { platformNames, serviceNames } from '../../pipeline/names';
import { findAsset } from '../assembly/find-asset';
import { readPipeline } from '../assembly/read-assembly';
import { formatActionResult, timedStep } from './action-result';
import { zipFolder } from './archive/zip-folder';
import {
  chooseBaseImages,
  chooseDatabases,
  ensureLedger,
  ledgerUrl,
  reportLocalSubstitutes,
} from './local-substitutes';
import type { PipelineSource, PreparedRun, PrepareInput } from './pipeline-source';
import { writeRunCatalog } from './run-catalog';
import { synthesize } from './synthesize';

/** The pipeline that the CDK app synthesizes from a catalog with this machine's registry, ledger and base images. */
export const synthesizedPipeline: PipelineSource = {
  serviceOptions: (platform, service) => {
    const { classes, keyAlias, binariesBucket } = platformNames(platform);
    return {
      keys: classes.map(keyAlias),
      buckets: service.build.binaries.length === 0 ? [] : [binariesBucket],
    };
  },
  prepare: prepareSynthesized,
};

async function prepareSynthesized({
  input,
  platform,
  service,
  facts,
  services,
  home,
}: PrepareInput): Promise<PreparedRun> {
  const { reporter } = input;
  const baseImages = await chooseBaseImages({ platform, services: [service], local: services, reporter });
  requireGo(service, facts, baseImages.go);
  const databases = await chooseDatabases();
  const ledgerName = input.serviceFile === undefined ? platform.name : `${platform.name}-${service.name}`;
  const ledger = await ensureLedger(
    input.ledger ?? join(services.stateDirectory, 'ledgers', `${ledgerName}.git`),
    platform,
  );
  const overlay = {
    bases: baseImages.images,
    registry: input.registry ?? services.registry,
    ledger: ledgerUrl(ledger),
  };
  reportLocalSubstitutes(reporter, {
    registry: overlay.registry,
    ledger: overlay.ledger,
    endpoint: services.aws.endpoint,
    baseImages: baseImages.reason,
    databases,
    source: input.source,
  });
  const catalogDirectory = join(home, 'catalog');
  const catalog = writeRunCatalog({
    from: input.catalog,
    to: catalogDirectory,
    overlay,
    extraService: input.serviceFile,
  });
  const started = process.hrtime.bigint();
  const assembly = join(home, 'assembly');
  const { fresh } = await synthesize(input.root, catalogDirectory, assembly);
  const step = timedStep(started, 'Synth');
  reporter.note(`${formatActionResult(step)}${fresh ? '' : '  up to date'}`);
  const pipeline = readPipeline(assembly, serviceNames(catalog.platform, service.name).pipeline);
  return {
    catalog,
    catalogDirectory,
    pipeline,
    bundle: {
      Bowline: zipFolder(findAsset(assembly, pipeline, 'Bowline')),
      Catalog: zipFolder(findAsset(assembly, pipeline, 'Catalog')),
    },
    artifactBucket: platformNames(platform).artifactBucket,
    ledger,
    databases,
    step,
  };
}

/**
 * Checks the Go of a local builder image before anything is built.
 * @param version of the Go in the builder; undefined for a builder of the catalog
 * @throws BowlineError `recipe` when the source needs a newer Go
 */
function requireGo(service: Service, facts: SourceFacts, version: string | undefined): void {
  const shortage = version === undefined ? undefined : checkGoVersion(service.name, facts, version);
  if (shortage !== undefined) {
    throw badInput(
      'recipe',
      describeGoVersionMismatch(shortage, 'install it on this machine: the local builder image contains its Go'),
    );
  }
}
