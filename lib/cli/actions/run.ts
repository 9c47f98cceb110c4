import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureTools } from '../../tools';
import type { RunOptions } from '../commands/run-options';
import { consoleReporter } from '../console-reporter';
import { InputError, reportFailure } from '../fail';
import { painter } from '../terminal';

/** `bowline run` */
export async function runCommand(name: string | undefined, options: RunOptions): Promise<void> {
  const root = checkout();
  const source = options.source ?? (name === undefined ? undefined : join(root, 'examples', name));
  if (source === undefined || !existsSync(source)) {
    throw new InputError(
      `there is no source${source === undefined ? '' : ` at ${source}`}: say where the checkout is with --source`,
    );
  }
  const deployed = deployedAt(options);
  const reporter = consoleReporter();
  await ensureTools('road', { progress: (line) => reporter.note(line) });
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
    ...(name === undefined ? {} : { name }),
    ...(options.service === undefined ? {} : { serviceFile: resolve(options.service) }),
    ...(options.state === undefined ? {} : { stateDirectory: resolve(options.state) }),
    ...(options.ledger === undefined
      ? {}
      : { ledger: options.ledger.includes('://') ? options.ledger : resolve(options.ledger) }),
    ...(options.registry === undefined ? {} : { registry: options.registry }),
    ...(deployed === undefined ? {} : { deployed }),
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
    `  verdict   ${result.verdict}`,
    ...Object.entries(result.promoted).map(
      ([environment, commit]) => `  ${environment.padEnd(9)} ledger commit ${commit.slice(0, 12)}`,
    ),
    `  ledger    ${result.ledger}`,
    '',
  ];
  process.stderr.write(lines.join('\n'));
}

/** The endpoint of the AWS whose pipeline is wanted, if that is. @throws InputError for options that contradict each other */
function deployedAt({ deployed, endpoint, service, ledger }: RunOptions): string | undefined {
  if (deployed !== true) {
    if (endpoint !== undefined) {
      throw new InputError('--endpoint says where a deployed pipeline is: give --deployed as well');
    }
    return undefined;
  }
  const replaced = service === undefined ? (ledger === undefined ? undefined : '--ledger') : '--service';
  if (replaced !== undefined) {
    throw new InputError(
      `${replaced} has no meaning with --deployed: the deployed pipeline says what it is. Change the catalog and deploy it`,
    );
  }
  const address = endpoint ?? process.env.AWS_ENDPOINT_URL;
  if (address === undefined || address === '') {
    throw new InputError(
      'say where the AWS is that has the pipeline: --endpoint http://localhost:5512, or AWS_ENDPOINT_URL. "npm run aws:local" starts one',
    );
  }
  // Whatever stands there is given this machine's registry, signing and git: it must be a local AWS, never one that others share.
  if (!URL.canParse(address) || !/^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(address).hostname)) {
    throw new InputError(`${address} is no local AWS: it is on this machine, such as http://localhost:5512`);
  }
  return address.replace(/\/+$/, '');
}

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
}

function checkout(): string {
  const root = join(__dirname, '..', '..', '..');
  if (!existsSync(join(root, 'bin', 'cdk.ts')) && !existsSync(join(root, 'bin', 'cdk.js'))) {
    throw new InputError(
      'bowline run needs a checkout or the npm package of Bowline: it executes what its CDK app synthesizes',
    );
  }
  return root;
}
