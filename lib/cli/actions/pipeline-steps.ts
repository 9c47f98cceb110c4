import { dirname, join } from 'node:path';
import { requireEnvironment, loadCatalog, requireService } from '../../catalog';
import { requireStage } from '../../release';
import {
  announceBinaries,
  badInput,
  build,
  exitCodes,
  logInToRegistries,
  objectStore,
  promote,
  readReleaseFile,
  readReleaseFolder,
  sbomFile,
  scan,
  sign,
  signBinaries,
  uploadBinaries,
  withBuildkit,
  writeReleaseFolder,
} from '../../steps';
import { commitSha, digest, imageRepository } from '../../values';
import { required, type StepOptions } from '../commands/step-options';
import { consoleReporter } from '../console-reporter';
import { reachLedger } from '../ledger-location';
import { vulnerabilityDatabases } from '../vulnerability-databases';

/** `bowline build` */
export async function runBuild(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const reporter = consoleReporter(true);
  const input = {
    platform: catalog.platform,
    service: requireService(catalog, name),
    source: options.source ?? '.',
    commit: valid('--commit', () => commitSha(required(options.commit, '--commit', 'BOWLINE_COMMIT'))),
    repository: repository(options.repository, '--repository', 'BOWLINE_REPOSITORY'),
    ...(options.cacheRepository
      ? { cacheRepository: repository(options.cacheRepository, '--cache-repository', 'BOWLINE_CACHE_REPOSITORY') }
      : {}),
    hostNetwork: options.hostNetwork === '1',
    binariesDirectory: join(dirname(options.out), 'binaries'),
    reporter,
  };
  logIn(input.repository, options.cacheRepository, ...Object.values(catalog.platform.bases));
  const release = await withBuildkit(options.buildkit, reporter, (buildkit) => build({ ...input, buildkit }));
  if (release.binaries.length > 0 && options.binaries) {
    const { jobAws } = await import('../job-aws');
    await uploadBinaries(objectStore(jobAws(), options.binaries), release, input.binariesDirectory, reporter);
  }
  reporter.end();
  answer(options, release, writeReleaseFolder(options.out, { release, files: {} }));
}

/** `bowline scan`: exit 2 when the verdict stops the release, 1 when it can't be relied on. */
export async function runScan(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const release = handedOn(name, options);
  const reporter = consoleReporter(true);
  logIn(release.image.repository);
  const { renderer } = await import('../../../charts/render');
  const result = await scan({
    catalog,
    service: requireService(catalog, name),
    release,
    source: options.source ?? '.',
    databases: await vulnerabilityDatabases(options.vulnerabilityDatabase, reporter),
    renderer,
    now: new Date(),
    reporter,
  });
  reporter.end();
  answer(options, result.release, writeReleaseFolder(options.out, result));
  const { outcome } = result.release.verdict;
  process.exitCode =
    outcome === 'passed' ? exitCodes.passed : outcome === 'blocked' ? exitCodes.refused : exitCodes.unreliable;
}

/** `bowline sign` */
export async function runSign(name: string, options: StepOptions): Promise<void> {
  const release = requireStage(handedOn(name, options), 'scanned');
  const directory = required(options.release, '--release', 'BOWLINE_RELEASE');
  const sboms = Object.fromEntries(
    Object.keys(release.sboms).map((platform) => [platform, readReleaseFile(directory, sbomFile(platform))]),
  );
  const reporter = consoleReporter(true);
  logIn(release.image.repository, options.signatures);
  const signed = await sign({
    release,
    sboms,
    class: required(options.class, '--class', 'BOWLINE_CLASS'),
    key: required(options.key, '--key', 'BOWLINE_KEY'),
    signatures: repository(options.signatures, '--signatures', 'BOWLINE_SIGNATURES'),
    reporter,
  });
  if (signed.binaries.length > 0 && options.binaries) {
    const { jobAws } = await import('../job-aws');
    const aws = jobAws();
    await signBinaries({
      store: objectStore(aws, options.binaries),
      release: signed,
      platform: loadCatalog(options.catalog).platform.name,
      class: required(options.class, '--class', 'BOWLINE_CLASS'),
      key: required(options.key, '--key', 'BOWLINE_KEY'),
      announce: (event) => announceBinaries(aws, event),
      reporter,
    });
  }
  const files = Object.fromEntries(Object.entries(sboms).map(([platform, text]) => [sbomFile(platform), text]));
  answer(options, signed, writeReleaseFolder(options.out, { release: signed, files }));
}

/** `bowline promote` */
export async function runPromote(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const release = requireStage(handedOn(name, options), 'signed');
  const environment = requireEnvironment(
    catalog.platform,
    required(options.environment, '--environment', 'BOWLINE_ENVIRONMENT'),
  );
  logIn(release.image.repository, options.signatures);
  const { ledger } = catalog.platform;
  const { location, host } = await reachLedger(
    options.ledger ?? ledger.repository,
    options.ledgerBranch ?? ledger.branch,
    ledger.write === 'pull-request',
  );
  if (ledger.write === 'pull-request' && host === undefined) {
    throw badInput(
      'no-pull-requests',
      'the catalog has promotions as pull requests (ledger.write), and this job has no BOWLINE_LEDGER_CREDENTIAL to open one with',
    );
  }
  const { renderer } = await import('../../../charts/render');
  const { release: promoted, changed } = await promote({
    release,
    environment: environment.name,
    class: environment.class,
    publicKey: join(options.keys ?? join(options.catalog, 'keys'), `${environment.class}.pub`),
    signatures: repository(options.signatures, '--signatures', 'BOWLINE_SIGNATURES'),
    databases: options.vulnerabilityDatabase ?? 'feed',
    ledger: location,
    ...(host === undefined ? {} : { proposeAt: host }),
    renderer,
    reporter: consoleReporter(),
  });
  const commit = promoted.promotions.at(-1)?.ledgerCommit ?? '';
  const sha256 = writeReleaseFolder(
    options.out,
    { release: promoted, files: {} },
    { LEDGER_COMMIT: commit, CHANGED: String(changed) },
  );
  answer(options, promoted, sha256, { changed });
}

/** @param references images or repositories, each with its host in front */
function logIn(...references: readonly (string | undefined)[]): void {
  logInToRegistries(
    references.flatMap((reference) => reference?.split('/')[0] ?? []),
    process.env,
  );
}

function handedOn(name: string, options: StepOptions) {
  const expected = valid('--record-sha256', () =>
    digest(required(options.recordSha256, '--record-sha256', 'BOWLINE_RECORD_SHA256')),
  );
  const release = readReleaseFolder(required(options.release, '--release', 'BOWLINE_RELEASE'), expected);
  if (release.service !== name) {
    throw badInput('other-service', `the record is about ${release.service}, not about ${name}`);
  }
  return release;
}

function repository(value: string | undefined, flag: string, variable: string) {
  return valid(flag, () => imageRepository(required(value, flag, variable)));
}

/** A value of the command line that does not fit its grammar is bad input, not trouble. */
function valid<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badInput('bad-option', `${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function answer(options: StepOptions, release: unknown, recordSha256: string, more: object = {}): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: true, recordSha256, ...more, release })}\n`);
  }
}
