import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, loadCatalog, requireService } from '../../../catalog';
import { exitCodes } from '../../../errors';
import { platformNames, serviceNames } from '../../../pipeline/names';
import {
  catalogFacts,
  completeSource,
  type EarlierEvidence,
  readPublicKeys,
  scan,
  writeReleaseFolder,
} from '../../../steps';
import { publicKeyFile } from '../../../verify';
import { builderOf } from '../../builder';
import { consoleReporter } from '../../console-reporter';
import { vulnerabilityDatabases } from '../../vulnerability-databases';
import { binariesFolder, identityOf, repository, required, type StepOptions } from './step-options';
import { logInTo, openModules, printResult, readPreviousRecord } from './step-records';

/** `bowline scan`: exit 2 where the verdict blocks the release, 1 where it is inconclusive. */
export async function runScan(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const release = readPreviousRecord(name, options);
  const reporter = consoleReporter(true);
  const service = requireService(catalog, name);
  const source = options.source ?? '.';
  await completeSource({
    platform: catalog.platform,
    service,
    source,
    commit: release.source.commit,
    reporter,
  });
  logInTo(release.image.repository, options.signatures);
  const { renderer } = await import('../../../../charts/render');
  const result = await scan({
    catalog,
    service,
    release,
    identity: identityOf(catalog, name, options),
    source,
    binaries: join(required(options.release, '--release', 'BOWLINE_RELEASE'), binariesFolder),
    databases: await vulnerabilityDatabases(options.vulnerabilityDatabase, reporter),
    renderer,
    now: new Date(),
    openModules: () => openModules(service, options, reporter),
    earlier: earlierEvidence(catalog, name, options),
    reporter,
  });
  reporter.end();
  printResult(options, result.release, writeReleaseFolder(options.out, result));
  const { outcome } = result.release.verdict;
  process.exitCode =
    outcome === 'passed' ? exitCodes.passed : outcome === 'blocked' ? exitCodes.rejected : exitCodes.inconclusive;
}

/** Where evidence of an earlier scan can be. A pull request has none: its image is never signed. */
function earlierEvidence(catalog: Catalog, name: string, options: StepOptions): EarlierEvidence | undefined {
  if (options.reuse === false || !options.signatures) {
    return undefined;
  }
  const files = platformNames(catalog.platform).classes.map(
    (environmentClass) => [environmentClass, publicKeyFile(options, environmentClass)] as const,
  );
  if (!files.every(([, file]) => existsSync(file))) {
    // `bootstrap` has not written all of them yet.
    return undefined;
  }
  return {
    signatures: repository(options.signatures, '--signatures', 'BOWLINE_SIGNATURES'),
    keys: new Map(files.map(([environmentClass, file]) => [environmentClass, readPublicKeys(file)])),
    facts: catalogFacts(catalog, name, serviceNames(catalog.platform, name).imageRepository),
    builder: builderOf(catalog.platform, name, options.builder),
  };
}
