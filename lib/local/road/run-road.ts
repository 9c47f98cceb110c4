import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type Service, serviceNamed } from '../../catalog';
import { platformNames } from '../../pipeline/names';
import { pinsDirectory, standInDatabases, withLock } from '../../tools';
import { digest, imageRepository } from '../../values';
import {
  checkConfiguration,
  compressedSize,
  type ExitCode,
  publicKeyOf,
  readSource,
  unreliable,
  VerbError,
  writeWhole,
} from '../../verbs';
import { publish } from '../../verbs/publish';
import { defaultStateDirectory, type LocalServices, startLocalServices } from '../services/services';
import { openArtifactStore } from './artifact-store';
import { prepareSynthesized } from './prepare-synthesized';
import type { Prepared, RunInput } from './prepared';
import { chooseService } from './run-catalog';
import { type ActionResult, runPipeline, type SourceContent } from './run-pipeline';
import { snapshotSource } from './source-snapshot';
import { actionLine, stepSince } from './steps';

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
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-run-'));
  const { platform, service } = chooseService(input.catalog, input.name, input.serviceFile);
  readSource(join(input.source, service.source.directory));
  const { region } = platform.pipeline;
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({
      stateDirectory,
      region,
      ...(input.deployed === undefined
        ? { keys: platformNames(platform).classes.map(platformNames(platform).keyAlias) }
        : { keys: [], aws: input.deployed }),
    });
    const home = join(stateDirectory, input.deployed === undefined ? 'runs' : 'aws/runs', service.name);
    const prepare =
      input.deployed === undefined
        ? prepareSynthesized
        : (await import('../deployed/prepare-deployed')).prepareDeployed;
    const prepared = await prepare({ input, platform, service, services, home });
    return await travel(input, services, service.name, prepared, home, scratch);
  } finally {
    await services?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** From the commit to the ledger. */
async function travel(
  input: RunInput,
  services: LocalServices,
  serviceName: string,
  prepared: Prepared,
  home: string,
  scratch: string,
): Promise<RunResult> {
  const { reporter } = input;
  const { catalog, ledger, pipeline, databases } = prepared;
  const { platform } = catalog;
  const service = serviceNamed(catalog, serviceName);
  const publishing = process.hrtime.bigint();
  const location = { repository: ledger, branch: platform.ledger.branch };
  const published = await publish({
    catalog,
    ledger: location,
    renderer: input.renderer,
    check: checkConfiguration,
  });
  const publication = stepSince(publishing, 'Publish');
  reporter.note(
    `${actionLine(publication)}${published.changed ? `  ledger commit ${published.commit?.slice(0, 12)}` : '  nothing new'}`,
  );

  const { classes, key } = platformNames(platform);
  const keysDirectory = join(services.stateDirectory, input.deployed === undefined ? 'keys' : 'aws/keys');
  const keys = prepared.keys ?? (await exportKeys(classes, key, services, keysDirectory));
  const snapshot = await snapshotSource(input.source);
  try {
    const zips = { Source: join(scratch, 'source.zip'), Bowline: join(scratch, 'bowline.zip') };
    await snapshot.writeZip(zips.Source);
    writeWhole(zips.Bowline, prepared.bundle);
    if (!snapshot.committed) {
      reporter.note(
        `the source is not committed as it is: this run goes by the name of its content, ${snapshot.commit.slice(0, 12)}`,
      );
    }
    const { region } = pipeline.place;
    const store = await openArtifactStore(services.aws.endpoint, region, prepared.artifactBucket, service.name);
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
      [prepared.step, publication, ...result.actions],
      result,
      await imageSizes(result.variables),
    );
  } finally {
    snapshot.dispose();
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
