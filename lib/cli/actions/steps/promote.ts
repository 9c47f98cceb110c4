import { loadCatalog, requireEnvironment } from '../../../catalog';
import { badInput } from '../../../errors';
import { serviceNames } from '../../../pipeline/names';
import { requireStage } from '../../../release';
import { catalogFacts, promote, writeReleaseFolder } from '../../../steps';
import { publicKeyFile } from '../../../verify';
import { builderOf } from '../../builder';
import { consoleReporter } from '../../console-reporter';
import { resolveLedger } from '../../ledger-location';
import { parseCommit, repository, required, type StepOptions } from './step-options';
import { logInTo, printResult, readPreviousRecord } from './step-records';

/** `bowline promote` */
export async function runPromote(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const release = requireStage(readPreviousRecord(name, options), 'signed');
  const environment = requireEnvironment(
    catalog.platform,
    required(options.environment, '--environment', 'BOWLINE_ENVIRONMENT'),
  );
  logInTo(release.image.repository, options.signatures);
  const { ledger } = catalog.platform;
  const { location, host } = await resolveLedger(
    options.ledger ?? ledger.repository,
    options.ledgerBranch ?? ledger.branch,
    ledger.write,
  );
  if (ledger.write === 'pull-request' && host === undefined) {
    throw badInput(
      'no-pull-requests',
      'the catalog asks for promotions by pull request (ledger.write: pull-request), but BOWLINE_LEDGER_CREDENTIAL is not set: set it to a credential that can open pull requests',
    );
  }
  const { renderer } = await import('../../../../charts/render');
  const { release: promoted, changed } = await promote({
    release,
    environment: environment.name,
    class: environment.class,
    publicKey: publicKeyFile(options, environment.class),
    signatures: repository(options.signatures, '--signatures', 'BOWLINE_SIGNATURES'),
    catalog: catalogFacts(catalog, name, serviceNames(catalog.platform, name).imageRepository),
    commit: parseCommit(options),
    now: new Date(),
    databases: options.vulnerabilityDatabase ?? 'feed',
    builder: builderOf(catalog.platform, name, options.builder),
    ledger: location,
    pullRequestHost: host,
    renderer,
    reporter: consoleReporter(),
  });
  const commit = promoted.promotions.at(-1)?.ledgerCommit ?? '';
  const sha256 = writeReleaseFolder(
    options.out,
    { release: promoted, files: {} },
    { LEDGER_COMMIT: commit, CHANGED: String(changed) },
  );
  printResult(options, promoted, sha256, { changed });
}
