import { join } from 'node:path';
import { type Catalog, loadCatalog, requireEnvironment, requireService, type Service } from '../../catalog';
import { badInput, exitCodes } from '../../errors';
import { serviceNames } from '../../pipeline/names';
import { type Builder, binaryProvenance, runningBuilder } from '../../provenance';
import { type DatabaseOrigin, requireStage } from '../../release';
import {
  announceBinaries,
  build,
  catalogFacts,
  completeSource,
  logInToRegistries,
  type ModuleCredentialSource,
  objectStore,
  openModuleAccess,
  promote,
  type ReleaseIdentity,
  type Reporter,
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
import { branchRef, type CommitSha, commitSha, digest, gitRef, imageRepository } from '../../values';
import { builderOf } from '../builder';
import { consoleReporter } from '../console-reporter';
import { resolveLedger } from '../ledger-location';
import { vulnerabilityDatabases } from '../vulnerability-databases';

/** Options of the steps: each a flag, or its environment variable. */
export interface StepOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly service?: string;
  readonly source?: string;
  readonly release?: string;
  readonly out: string;
  readonly recordSha256?: string;
  readonly repository?: string;
  readonly cacheRepository?: string;
  readonly signatures?: string;
  readonly binaries?: string;
  readonly commit?: string;
  readonly ref?: string;
  readonly buildkit?: string;
  readonly hostNetwork?: string;
  readonly moduleCredential?: ModuleCredentialSource;
  readonly vulnerabilityDatabase?: DatabaseOrigin;
  readonly builder?: Builder['kind'];
  readonly execution?: string;
  readonly bundleSha256?: string;
  readonly class?: string;
  readonly key?: string;
  readonly keys?: string;
  readonly environment?: string;
  readonly ledger?: string;
  readonly ledgerBranch?: string;
}

/** The folder of the plain binaries in a release folder. */
const binariesFolder = 'binaries';

/** `bowline build` */
export async function runBuild(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const reporter = consoleReporter(true);
  const service = requireService(catalog, name);
  const input = {
    platform: catalog.platform,
    service,
    source: options.source ?? '.',
    commit: parseFlag('--commit', () => commitSha(required(options.commit, '--commit', 'BOWLINE_COMMIT'))),
    ref: parseFlag('--ref', () => gitRef(required(options.ref, '--ref', 'BOWLINE_REF'))),
    repository: repository(options.repository, '--repository', 'BOWLINE_REPOSITORY'),
    cacheRepository: options.cacheRepository
      ? repository(options.cacheRepository, '--cache-repository', 'BOWLINE_CACHE_REPOSITORY')
      : undefined,
    hostNetwork: options.hostNetwork === '1',
    openModules: () => openModules(service, options, reporter),
    // A part of the release folder: scan reads them there.
    binariesDirectory: join(options.out, binariesFolder),
    reporter,
  };
  await completeSource(input);
  logInTo(input.repository, options.cacheRepository, ...Object.values(catalog.platform.bases));
  const release = await withBuildkit(options.buildkit, reporter, (buildkit) => build({ ...input, buildkit }));
  if (release.binaries.length > 0 && options.binaries) {
    const { jobAws } = await import('../job-aws');
    await uploadBinaries({
      store: objectStore(jobAws(), options.binaries),
      release,
      directory: input.binariesDirectory,
      reporter,
    });
  }
  reporter.end();
  printResult(options, release, writeReleaseFolder(options.out, { release, files: {} }));
}

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
  const { renderer } = await import('../../../charts/render');
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

/** `bowline sign` */
export async function runSign(name: string, options: StepOptions): Promise<void> {
  const release = requireStage(readPreviousRecord(name, options), 'scanned');
  const directory = required(options.release, '--release', 'BOWLINE_RELEASE');
  const sboms = Object.fromEntries(
    [...Object.keys(release.sboms), ...Object.keys(release.binarySboms)].map((name) => [
      name,
      readReleaseFile(directory, sbomFile(name)),
    ]),
  );
  const reporter = consoleReporter(true);
  logInTo(release.image.repository, options.signatures);
  const catalog = loadCatalog(options.catalog);
  const { platform } = catalog;
  const service = requireService(catalog, name);
  const run = {
    builder: runningBuilder(process.env),
    ...(options.execution ? { execution: options.execution } : {}),
    ...(options.bundleSha256 ? { bundle: options.bundleSha256 } : {}),
  };
  const signed = await sign({
    platform,
    service,
    run,
    release,
    identity: identityOf(catalog, name, options),
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
      sboms,
      platform: catalog.platform.name,
      class: required(options.class, '--class', 'BOWLINE_CLASS'),
      key: required(options.key, '--key', 'BOWLINE_KEY'),
      provenance: (target) => binaryProvenance({ platform, service, release, run }, target),
      announce: (event) => announceBinaries(aws, event),
      reporter,
    });
  }
  const files = Object.fromEntries(Object.entries(sboms).map(([artifact, text]) => [sbomFile(artifact), text]));
  printResult(options, signed, writeReleaseFolder(options.out, { release: signed, files }));
}

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
    ledger.write === 'pull-request',
  );
  if (ledger.write === 'pull-request' && host === undefined) {
    throw badInput(
      'no-pull-requests',
      'the catalog asks for promotions by pull request (ledger.write: pull-request), but BOWLINE_LEDGER_CREDENTIAL is not set: set it to a credential that can open pull requests',
    );
  }
  const { renderer } = await import('../../../charts/render');
  const { release: promoted, changed } = await promote({
    release,
    environment: environment.name,
    class: environment.class,
    publicKey: join(options.keys ?? join(options.catalog, 'keys'), `${environment.class}.pub`),
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

/** What a record must say: the catalog decides, and the control plane of the pipeline. A pull request has a repository and a ref of its own. */
function identityOf(catalog: Catalog, name: string, options: StepOptions): ReleaseIdentity {
  const { source } = requireService(catalog, name);
  const { imageRepository: own } = serviceNames(catalog.platform, name);
  return {
    service: name,
    imageRepository: options.repository ? repository(options.repository, '--repository', 'BOWLINE_REPOSITORY') : own,
    source: {
      repository: source.repository,
      ref: options.ref ? parseFlag('--ref', () => gitRef(options.ref ?? '')) : branchRef(source.branch),
    },
    commit: parseCommit(options),
  };
}

function parseCommit({ commit }: StepOptions): CommitSha | undefined {
  return commit ? parseFlag('--commit', () => commitSha(commit)) : undefined;
}

function openModules(service: Service, options: StepOptions, reporter: Reporter) {
  return openModuleAccess({
    service,
    from: options.moduleCredential ?? 'secret',
    aws: async () => (await import('../job-aws')).jobAws(),
    now: new Date(),
    reporter,
  });
}

/** @param references images or repositories, each with its host in front */
function logInTo(...references: readonly (string | undefined)[]): void {
  logInToRegistries(
    references.flatMap((reference) => reference?.split('/')[0] ?? []),
    process.env,
  );
}

function readPreviousRecord(name: string, options: StepOptions) {
  const expected = parseFlag('--record-sha256', () =>
    digest(required(options.recordSha256, '--record-sha256', 'BOWLINE_RECORD_SHA256')),
  );
  const release = readReleaseFolder(required(options.release, '--release', 'BOWLINE_RELEASE'), expected);
  if (release.service !== name) {
    throw badInput('other-service', `the record belongs to ${release.service}, not to ${name}`);
  }
  return release;
}

/** @throws bad input that names flag and variable, where the value is missing */
function required(value: string | undefined, flag: string, variable: string): string {
  if (value === undefined || value === '') {
    throw badInput('input', `missing value: give ${flag} or set ${variable}`);
  }
  return value;
}

function repository(value: string | undefined, flag: string, variable: string) {
  return parseFlag(flag, () => imageRepository(required(value, flag, variable)));
}

/** Parses a value of the command line. @throws bad input that names the flag */
function parseFlag<T>(flag: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badInput('bad-option', `${flag}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function printResult(options: StepOptions, release: unknown, recordSha256: string, more: object = {}): void {
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: true, recordSha256, ...more, release })}\n`);
  }
}
