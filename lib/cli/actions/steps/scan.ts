import { join } from 'node:path';
import { loadCatalog, requireService } from '../../../catalog';
import { exitCodes } from '../../../errors';
import { completeSource, scan, writeReleaseFolder } from '../../../steps';
import { consoleReporter } from '../../console-reporter';
import { vulnerabilityDatabases } from '../../vulnerability-databases';
import { binariesFolder, identityOf, required, type StepOptions } from './step-options';
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
  logInTo(release.image.repository);
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
    reporter,
  });
  reporter.end();
  printResult(options, result.release, writeReleaseFolder(options.out, result));
  const { outcome } = result.release.verdict;
  process.exitCode =
    outcome === 'passed' ? exitCodes.passed : outcome === 'blocked' ? exitCodes.rejected : exitCodes.inconclusive;
}
