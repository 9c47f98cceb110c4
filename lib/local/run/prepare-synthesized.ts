import { join } from 'node:path';
import type { Service } from '../../catalog';
import { badInput } from '../../errors';
import { goShortage, goTooOld } from '../../image';
import { platformNames, serviceNames } from '../../pipeline/names';
import { readPipeline } from '../assembly/read-assembly';
import { zipFolder } from './archive/zip-folder';
import { findBundleAsset } from '../assembly/find-bundle-asset';
import { addressOf, chooseBaseImages, chooseDatabases, openLedger, reportLocalSubstitutes } from './local-substitutes';
import type { Preparation, Prepared } from './pipeline-source';
import { formatActionResult, timedStep } from './action-result';
import { writeRunCatalog } from './run-catalog';
import { synthesize } from './synthesize';

/** A run of what the CDK app synthesizes now, with this machine's registry, ledger and bases in its catalog. */
export async function prepareSynthesized({
  input,
  platform,
  service,
  facts,
  services,
  home,
}: Preparation): Promise<Prepared> {
  const { reporter } = input;
  const bases = await chooseBaseImages(platform, [service], services, reporter);
  requireGo(service, facts.goMod, bases.go);
  const databases = await chooseDatabases();
  const ledger = await openLedger(
    input.ledger ??
      join(
        services.stateDirectory,
        'ledgers',
        `${platform.name}${input.serviceFile === undefined ? '' : `-${service.name}`}.git`,
      ),
    platform,
  );
  const overlay = { bases: bases.images, registry: input.registry ?? services.registry, ledger: addressOf(ledger) };
  reportLocalSubstitutes(reporter, {
    ...overlay,
    why: bases.why,
    endpoint: services.aws.endpoint,
    databases,
    source: input.source,
  });
  const catalog = writeRunCatalog(input.catalog, join(home, 'catalog'), overlay, input.serviceFile);
  const started = process.hrtime.bigint();
  const assembly = join(home, 'assembly');
  const { fresh } = await synthesize(input.root, join(home, 'catalog'), assembly);
  const step = timedStep(started, 'Synth');
  reporter.note(`${formatActionResult(step)}${fresh ? '' : ' (as it was)'}`);
  return {
    catalog,
    pipeline: readPipeline(assembly, serviceNames(catalog.platform, service.name).pipeline),
    bundle: zipFolder(findBundleAsset(assembly)),
    artifactBucket: platformNames(platform).artifactBucket,
    ledger,
    databases,
    step,
  };
}

/** Said before anything is built, where the builder is this machine's own. @throws BowlineError `recipe` when it is too old for the source */
function requireGo(service: Service, goMod: string, has: string | undefined): void {
  const shortage = has === undefined ? undefined : goShortage(service.name, goMod, has);
  if (shortage !== undefined) {
    throw badInput('recipe', goTooOld(shortage, 'install it on this machine, whose Go the local builder has'));
  }
}
