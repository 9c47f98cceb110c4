import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { Platform, Service } from '../../catalog';
import type { Renderer } from '../../ledger';
import { platformNames, serviceNames } from '../../pipeline/names';
import { mustRun } from '../../process';
import { pinsDirectory, standInDatabases, withLock } from '../../tools';
import { digest, imageRepository } from '../../values';
import {
  checkConfiguration,
  compressedSize,
  type ExitCode,
  publicKeyOf,
  type Reporter,
  readSource,
  unreliable,
  VerbError,
  writeWhole,
} from '../../verbs';
import { publish } from '../../verbs/publish';
import { readPipeline } from '../assembly/read-assembly';
import { ensureLocalBases, type LocalBaseName } from '../bases/bases';
import { defaultStateDirectory, type LocalServices, startLocalServices } from '../services/services';
import { openArtifactStore } from './artifact-store';
import { bundleAsset } from './bundle-asset';
import { isReachable, registryUrl, vulnerabilityFeeds } from './reachable';
import { chooseService, neededBases, writeRunCatalog } from './run-catalog';
import { type ActionResult, runPipeline, type SourceContent } from './run-pipeline';
import { snapshotSource } from './source-snapshot';
import { synthesize } from './synthesize';
import { zipOfFolder } from './zip';

export interface RunInput {
  /** The checkout of Bowline: its CDK app is what is run. */
  readonly root: string;
  readonly catalog: string;
  /** Name of a service of the catalog. */
  readonly name?: string;
  /** A service file outside of the catalog. */
  readonly serviceFile?: string;
  /** Checkout of the service's repository. */
  readonly source: string;
  /** Where registry, caches, keys and ledger are kept. */
  readonly stateDirectory?: string;
  /** Bare git repository, by path or by URL. Default: one in the state folder. */
  readonly ledger?: string;
  /** `host:port` of a registry for images and signatures that runs already. Default: one of this run's own. */
  readonly registry?: string;
  readonly renderer: Renderer;
  readonly reporter: Reporter & { end(): void };
}

/** The answer of `bowline run`: what `--json` prints. */
export interface RunResult {
  readonly service: string;
  readonly commit: string;
  /** Whether anything was committed to the ledger. */
  readonly changed: boolean;
  readonly image?: {
    readonly repository: string;
    readonly digest: string;
    readonly platforms: Readonly<Record<string, string>>;
    /** Compressed bytes that a node pulls, by platform. */
    readonly sizes: Readonly<Record<string, number>>;
  };
  readonly verdict?: string;
  readonly signed: boolean;
  /** Ledger commit by environment. */
  readonly promoted: Readonly<Record<string, string>>;
  readonly actions: readonly { readonly name: string; readonly seconds: number; readonly exitCode: number }[];
  readonly ledger: string;
  readonly failed?: { readonly action: string; readonly exitCode: number; readonly log: string };
}

/**
 * Runs the whole road on this machine: what CDK synthesized, action by action, against a registry, BuildKit and a KMS of its own.
 * Every run starts at the beginning; what is there already is found and left alone, so that an interrupted road is finished by the next run.
 */
export async function runRoad(input: RunInput): Promise<RunResult> {
  const stateDirectory = input.stateDirectory ?? defaultStateDirectory();
  mkdirSync(stateDirectory, { recursive: true });
  return withLock(
    join(stateDirectory, 'run.lock'),
    () => runAlone(input, stateDirectory),
    (holder) => input.reporter.note(`another run (process ${holder}) uses ${stateDirectory}: waiting`),
  );
}

async function runAlone(input: RunInput, stateDirectory: string): Promise<RunResult> {
  const { reporter } = input;
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-run-'));
  const { platform, service } = chooseService(input.catalog, input.name, input.serviceFile);
  readSource(join(input.source, service.source.directory));
  const names = platformNames(platform);
  const classes = [...new Set(platform.environments.map((environment) => environment.class))];
  const { region } = platform.pipeline;
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({ stateDirectory, region, keys: classes.map(names.keyAlias) });
    const bases = await chooseBases(platform, service, services, reporter);
    const databases = await chooseDatabases();
    const ledger = await openLedger(input, stateDirectory, platform, service);
    const home = join(stateDirectory, 'runs', service.name);
    const overlay = { bases: bases.images, registry: input.registry ?? services.registry, ledger: addressOf(ledger) };
    tellReplacements(reporter, {
      ...overlay,
      why: bases.why,
      endpoint: services.aws.endpoint,
      databases,
      source: input.source,
    });
    const catalog = writeRunCatalog(input.catalog, join(home, 'catalog'), overlay, input.serviceFile);
    const started = process.hrtime.bigint();
    const { fresh } = await synthesize(input.root, join(home, 'catalog'), join(home, 'assembly'));
    const synthesis: ActionResult = {
      stage: 'Synth',
      name: 'Synth',
      seconds: Number(process.hrtime.bigint() - started) / 1e9,
      exitCode: 0,
    };
    reporter.note(`${actionLine(synthesis)}${fresh ? '' : ' (as it was)'}`);
    const pipeline = readPipeline(join(home, 'assembly'), serviceNames(catalog.platform, service.name).pipeline);

    const publishing = process.hrtime.bigint();
    const location = { repository: ledger, branch: catalog.platform.ledger.branch };
    const published = await publish({
      catalog,
      ledger: location,
      renderer: input.renderer,
      check: checkConfiguration,
    });
    const publication: ActionResult = {
      stage: 'Publish',
      name: 'Publish',
      seconds: Number(process.hrtime.bigint() - publishing) / 1e9,
      exitCode: 0,
    };
    reporter.note(
      `${actionLine(publication)}${published.changed ? `  ledger commit ${published.commit?.slice(0, 12)}` : '  nothing new'}`,
    );

    const keys = await exportKeys(classes, names.key, services, join(stateDirectory, 'keys'));
    const snapshot = await snapshotSource(input.source);
    try {
      const zips = { Source: join(scratch, 'source.zip'), Bowline: join(scratch, 'bowline.zip') };
      await snapshot.writeZip(zips.Source);
      writeWhole(zips.Bowline, zipOfFolder(bundleAsset(join(home, 'assembly'))));
      if (!snapshot.committed) {
        reporter.note(
          `the source is not committed as it is: this run goes by the name of its content, ${snapshot.commit.slice(0, 12)}`,
        );
      }
      const store = await openArtifactStore(services.aws.endpoint, region, names.artifactBucket, service.name);
      const result = await runPipeline({
        pipeline,
        store,
        sources: new Map<string, SourceContent>([
          ['Source', { zip: zips.Source, variables: { CommitId: snapshot.commit, BranchName: service.source.branch } }],
          ['Bowline', { zip: zips.Bowline, variables: {} }],
        ]),
        environment: buildEnvironment(input.root, services, keys, databases),
        logDirectory: join(home, 'log'),
        onAction: (event) =>
          reporter.progress(
            event.kind === 'line'
              ? `${event.action.name}: ${event.line}`
              : `${event.action.stage}/${event.action.name} …`,
          ),
        onDone: (action, done) => {
          if (action.provider !== 'CodeBuild' && action.provider !== 'Manual') {
            return;
          }
          reporter.note(`${actionLine(done)}${action.provider === 'Manual' ? '  approved: this is a local run' : ''}`);
        },
      });
      reporter.end();
      return answer(
        input,
        service,
        snapshot.commit,
        ledger,
        published.changed,
        [synthesis, publication, ...result.actions],
        result,
        await imageSizes(result.variables),
      );
    } finally {
      snapshot.dispose();
    }
  } finally {
    await services?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

function actionLine({ stage, name, seconds, exitCode }: ActionResult): string {
  const title = stage === name ? name : `${stage}/${name}`;
  return `${exitCode === 0 ? '✓' : '✗'} ${title.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`;
}

async function chooseBases(
  platform: Platform,
  service: Service,
  services: LocalServices,
  reporter: Reporter,
): Promise<{ readonly images: Partial<Record<LocalBaseName, string>>; readonly why: string }> {
  const names = neededBases(platform, service);
  const images = names.map((name) => platform.bases[name]).filter((image) => image !== undefined);
  const answers = await Promise.all([...new Set(images.map(registryUrl))].map(isReachable));
  if (images.length === names.length && answers.every(Boolean)) {
    return { images: {}, why: "the catalog's own, their registries answer" };
  }
  const made = await ensureLocalBases(names, {
    registry: services.registry,
    stateDirectory: services.stateDirectory,
    progress: (line) => reporter.note(line),
  });
  return { images: made, why: 'small ones made on this machine, since no public registry answers' };
}

async function chooseDatabases(): Promise<'feed' | 'stand-in'> {
  const answers = await Promise.all(vulnerabilityFeeds.map(isReachable));
  return answers.every(Boolean) ? 'feed' : 'stand-in';
}

async function openLedger(
  input: RunInput,
  stateDirectory: string,
  platform: Platform,
  service: Service,
): Promise<string> {
  const path =
    input.ledger ??
    join(stateDirectory, 'ledgers', `${platform.name}${input.serviceFile === undefined ? '' : `-${service.name}`}.git`);
  if (!isUrl(path) && !existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    await mustRun({
      program: 'git',
      arguments: ['init', '--quiet', '--bare', `--initial-branch=${platform.ledger.branch}`, path],
      timeoutSeconds: 30,
    });
  }
  return path;
}

function isUrl(ledger: string): boolean {
  return /^[a-z]+:\/\//.test(ledger);
}

function addressOf(ledger: string): string {
  return isUrl(ledger) ? ledger : `file://${ledger}`;
}

function tellReplacements(
  reporter: Reporter,
  to: {
    readonly registry: string;
    readonly endpoint: string;
    readonly ledger: string;
    readonly why: string;
    readonly databases: string;
    readonly source: string;
  },
): void {
  reporter.note('In place of AWS, on this machine:');
  for (const [what, where] of [
    ['registry', to.registry],
    ['KMS and S3', to.endpoint],
    ['ledger', to.ledger],
    ['source', to.source],
    ['bases', to.why],
    [
      'vulnerabilities',
      to.databases === 'feed'
        ? "the scanners' feeds"
        : 'a small stand-in database, since no feed answers: the verdict says nothing about the world',
    ],
  ] as const) {
    reporter.note(`  ${what.padEnd(15)} ${where}`);
  }
}

async function exportKeys(
  classes: readonly string[],
  keyOf: (environmentClass: string) => string,
  services: LocalServices,
  directory: string,
): Promise<string> {
  const before = { ...process.env };
  Object.assign(process.env, services.aws.environment);
  try {
    await Promise.all(
      classes.map(async (environmentClass) =>
        writeWhole(join(directory, `${environmentClass}.pub`), await publicKeyOf(keyOf(environmentClass))),
      ),
    );
  } finally {
    for (const name of Object.keys(services.aws.environment)) {
      if (before[name] === undefined) {
        delete process.env[name];
      } else {
        process.env[name] = before[name];
      }
    }
  }
  return directory;
}

/** Variables of this machine that a build needs to reach the network as this machine does. */
const passedOn = [
  'HOME',
  'LANG',
  'TMPDIR',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'GOPROXY',
  'GONOSUMDB',
  'GONOSUMCHECK',
  'GOPRIVATE',
  'GOSUMDB',
  'GOMODCACHE',
  'GOCACHE',
  'BOWLINE_CACHE',
  'XDG_CACHE_HOME',
];

function buildEnvironment(
  root: string,
  services: LocalServices,
  keys: string,
  databases: 'feed' | 'stand-in',
): Readonly<Record<string, string>> {
  const machine = Object.fromEntries(
    passedOn.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name] as string]])),
  );
  if (databases === 'stand-in') {
    standInDatabases();
  }
  return {
    HOME: homedir(),
    ...machine,
    PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? '/usr/bin:/bin'}`,
    CI: 'true',
    ...services.aws.environment,
    BUILDKIT_HOST: services.buildkit,
    BOWLINE_HOST_NETWORK: '1',
    // The daemon keeps its cache between runs: exporting it to the registry as well would only cost time.
    BOWLINE_CACHE_REPOSITORY: '',
    BOWLINE_REGISTRY_LOGIN: '',
    BOWLINE_PINS: pinsDirectory() ?? join(root, 'tools'),
    BOWLINE_KEYS: keys,
    BOWLINE_VULNERABILITY_DATABASE: databases,
    BOWLINE_LEDGER_CACHE: join(services.stateDirectory, 'ledger-clones'),
  };
}

function answer(
  input: RunInput,
  service: Service,
  commit: string,
  ledger: string,
  published: boolean,
  actions: readonly ActionResult[],
  result: Awaited<ReturnType<typeof runPipeline>>,
  sizes: Readonly<Record<string, number>>,
): RunResult {
  const { variables, failed } = result;
  const promotions = [...variables].filter(([name]) => /^Promote.*\.LEDGER_COMMIT$/.test(name));
  const changed =
    published || [...variables].some(([name, value]) => /^Promote.*\.CHANGED$/.test(name) && value === 'true');
  const release = variables.get('Scan.IMAGE_DIGEST') ?? variables.get('Build.IMAGE_DIGEST');
  const lastLines = failed?.log.trim().split('\n').slice(-15).join('\n');
  if (failed) {
    input.reporter.note(
      `${failed.action.stage}/${failed.action.name} ended with exit code ${failed.exitCode}. The end of its log (${failed.logFile}):\n${lastLines}`,
    );
  }
  const { repository, platforms } = builtImage(variables);
  return {
    service: service.name,
    commit,
    changed,
    ...(release === undefined ? {} : { image: { repository, digest: release, platforms, sizes } }),
    ...(variables.has('Scan.VERDICT')
      ? { verdict: variables.get('Scan.VERDICT') as string }
      : failed?.action.name === 'Scan'
        ? { verdict: failed.exitCode === 2 ? 'blocked' : 'unreliable' }
        : {}),
    signed: actions.some(({ name, exitCode }) => name.startsWith('Sign') && exitCode === 0),
    promoted: Object.fromEntries(promotions.map(([name, value]) => [environmentOf(name), value])),
    actions: actions.map(({ stage, name, seconds, exitCode }) => ({
      name: stage === name ? name : `${stage}/${name}`,
      seconds: Math.round(seconds * 100) / 100,
      exitCode,
    })),
    ledger,
    ...(failed
      ? {
          failed: {
            action: `${failed.action.stage}/${failed.action.name}`,
            exitCode: failed.exitCode,
            log: lastLines ?? '',
          },
        }
      : {}),
  };
}

function builtImage(variables: ReadonlyMap<string, string>): {
  readonly repository: string;
  readonly platforms: Readonly<Record<string, string>>;
} {
  return {
    repository: variables.get('Build.IMAGE_REPOSITORY') ?? '',
    platforms: JSON.parse(variables.get('Build.PLATFORMS') ?? '{}') as Record<string, string>,
  };
}

async function imageSizes(variables: ReadonlyMap<string, string>): Promise<Readonly<Record<string, number>>> {
  const { repository, platforms } = builtImage(variables);
  const sizes = Object.entries(platforms).map(
    async ([name, image]) => [name, await compressedSize(imageRepository(repository), digest(image))] as const,
  );
  return Object.fromEntries(await Promise.all(sizes));
}

/** `PromoteEuWest.LEDGER_COMMIT` → `eu-west`. */
function environmentOf(variable: string): string {
  const name = variable.slice('Promote'.length, variable.indexOf('.'));
  return name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase();
}

/** How a run that stopped ends. */
export function runFailure(result: RunResult): VerbError | undefined {
  if (!result.failed) {
    return undefined;
  }
  const { action, exitCode } = result.failed;
  const known = [1, 2, 3].includes(exitCode) ? (exitCode as ExitCode) : undefined;
  return known === undefined
    ? unreliable('action-failed', `${action} ended with exit code ${exitCode}`)
    : new VerbError('action-failed', `${action} stopped the road (exit code ${exitCode})`, known);
}
