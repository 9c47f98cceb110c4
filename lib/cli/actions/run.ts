import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadCatalog, requireService } from '../../catalog';
import { badInput } from '../../errors';
import type { RunResult } from '../../local';
import type { Reporter } from '../../steps';
import { ensureTools } from '../../tools';
import { consoleReporter } from '../console-reporter';
import { reportFailure } from '../fail';
import { quoteWord } from '../quote-word';
import { painter } from '../terminal';

/** Options of `bowline run`. */
export interface RunOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly source?: string;
  readonly service?: string;
  readonly state?: string;
  readonly ledger?: string;
  readonly registry?: string;
  readonly keep?: boolean;
  readonly deployed?: boolean;
  readonly endpoint?: string;
}

/** `bowline run` */
export async function runCommand(name: string | undefined, options: RunOptions): Promise<void> {
  const root = checkout();
  if (name !== undefined && options.service === undefined) {
    requireService(loadCatalog(options.catalog), name);
  }
  const source = options.source ?? (name === undefined ? undefined : join(root, 'examples', name));
  if (source === undefined || !existsSync(source)) {
    throw badInput(
      'input',
      source === undefined
        ? 'no source: expected bowline run <service>, or --source <directory> with --service <file>'
        : `no source at ${source}: name the folder with --source <directory>`,
    );
  }
  const deployed = deployedEndpoint(options);
  const reporter = consoleReporter();
  await ensureTools('demo', { progress: (line) => reporter.note(line) });
  const [{ runFailure, runRelease }, { renderer }] = await Promise.all([
    import('../../local'),
    import('../../../charts/render'),
  ]);
  const started = Date.now();
  const result = await runRelease({
    root,
    catalog: resolve(options.catalog),
    source: resolve(source),
    renderer,
    reporter,
    name,
    serviceFile: resolved(options.service),
    stateDirectory: resolved(options.state),
    ledger: options.ledger?.includes('://') === true ? options.ledger : resolved(options.ledger),
    registry: options.registry,
    deployed,
  });
  reporter.end();
  if (options.json) {
    process.stdout.write(`${JSON.stringify(result)}\n`);
  }
  const failure = runFailure(result);
  if (failure) {
    reportFailure(failure, false);
    return;
  }
  const paint = painter(process.stderr);
  const lines = [
    '',
    paint(
      'bold',
      `${result.service} at ${result.commit.slice(0, 12)}: ${result.changed ? 'released' : 'nothing to do'} in ${((Date.now() - started) / 1000).toFixed(1)} s`,
    ),
    `  image     ${result.image?.repository}@${result.image?.digest}`,
    ...Object.entries(result.image?.platforms ?? {}).map(
      ([platform, digest]) => `            ${platform}  ${digest}  ${megabytes(result.image?.sizes[platform])}`,
    ),
    `  tests     ${result.tests ?? 'unknown'}`,
    `  start     ${result.start ?? 'unknown'}`,
    `  verdict   ${result.verdict}${result.databases === 'fixture' ? ', by the fixture databases: no evidence' : ''}`,
    ...Object.entries(result.promoted).map(
      ([environment, commit]) => `  ${environment.padEnd(9)} ledger commit ${commit.slice(0, 12)}`,
    ),
    `  ledger    ${result.ledger}`,
    `  logs      ${result.folders.logs}`,
    '',
  ];
  process.stderr.write(lines.join('\n'));
  if (options.keep === true) {
    await keepRegistry(result, options, reporter);
  }
}

/** Serves what was released until the process is interrupted, and says how to verify it. */
async function keepRegistry(result: RunResult, options: RunOptions, reporter: Reporter): Promise<void> {
  const { defaultStateDirectory, startLocalServices } = await import('../../local');
  const { platform } = loadCatalog(result.folders.catalog);
  const services = await startLocalServices({
    stateDirectory: resolved(options.state) ?? defaultStateDirectory(),
    region: platform.pipeline.region,
    keys: [],
    progress: (line) => reporter.note(line),
  });
  reporter.note(describeKept(result, services.registry));
  await new Promise(() => {});
}

/** The commands that verify a release, as a shell takes them. */
export function describeKept({ image, promoted, folders, ledger, databases }: RunResult, registry: string): string {
  const common = [
    ...['--catalog', folders.catalog, '--keys', folders.keys],
    ...(databases === 'fixture' ? ['--vulnerability-database', 'fixture'] : []),
  ];
  const environment = Object.keys(promoted).at(-1);
  const command = (words: readonly string[]) => `  npx bowline ${words.map(quoteWord).join(' ')}`;
  return [
    `The registry ${registry} runs until Ctrl-C. In another shell:`,
    ...(image === undefined || environment === undefined
      ? []
      : [
          command([
            ...['verify', `${image.repository}@${image.digest}`, '--environment', environment, '--builder', 'local'],
            ...common,
          ]),
        ]),
    command(['rescan', '--ledger', ledger, ...common]),
  ].join('\n');
}

/** Endpoint of the local AWS that has the deployed pipeline, with --deployed. @throws BowlineError `input` for options that exclude each other */
function deployedEndpoint({ deployed, endpoint, service, ledger }: RunOptions): string | undefined {
  if (deployed !== true) {
    if (endpoint !== undefined) {
      throw badInput('input', '--endpoint is only valid with --deployed');
    }
    return undefined;
  }
  const excluded = service === undefined ? (ledger === undefined ? undefined : '--ledger') : '--service';
  if (excluded !== undefined) {
    throw badInput(
      'input',
      `${excluded} is not valid with --deployed: the deployed pipeline decides it. Change the catalog and deploy`,
    );
  }
  const address = endpoint ?? process.env.AWS_ENDPOINT_URL;
  if (address === undefined || address === '') {
    throw badInput(
      'input',
      'name the local AWS that has the pipeline: --endpoint http://localhost:5512, or AWS_ENDPOINT_URL. "npm run aws:local" starts one',
    );
  }
  // The endpoint gets access to this machine's registry, signing key and git: refuse anything but this machine.
  if (!URL.canParse(address) || !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname)) {
    throw badInput(
      'input',
      `${address} is not a local AWS: expected an address of this machine, such as http://localhost:5512`,
    );
  }
  return address.replace(/\/+$/, '');
}

function resolved(path: string | undefined): string | undefined {
  return path === undefined ? undefined : resolve(path);
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** Root of the checkout or package that has the CDK app. */
function checkout(): string {
  const root = join(__dirname, '..', '..', '..');
  if (!existsSync(join(root, 'bin', 'cdk.ts')) && !existsSync(join(root, 'bin', 'cdk.js'))) {
    throw badInput('input', 'bowline run needs a checkout or the npm package of Bowline, whose CDK app it synthesizes');
  }
  return root;
}
