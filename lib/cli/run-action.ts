import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ensureTools } from '../tools';
import { consoleReporter } from './console-reporter';
import { InputError, reportFailure } from './fail';
import type { RunOptions } from './run-options';
import { painter } from './terminal';

/** `bowline run` */
export async function runCommand(name: string | undefined, options: RunOptions): Promise<void> {
  const root = checkout();
  const source = options.source ?? (name === undefined ? undefined : join(root, 'examples', name));
  if (source === undefined || !existsSync(source)) {
    throw new InputError(
      `there is no source${source === undefined ? '' : ` at ${source}`}: say where the checkout is with --source`,
    );
  }
  const reporter = consoleReporter();
  await ensureTools('road', { progress: (line) => reporter.note(line) });
  const [{ runFailure, runRoad }, { renderer }] = await Promise.all([
    import('../local'),
    import('../../charts/render'),
  ]);
  const started = Date.now();
  const result = await runRoad({
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

function megabytes(bytes: number | undefined): string {
  return bytes === undefined ? '' : `${(bytes / 1e6).toFixed(1)} MB`;
}

function checkout(): string {
  const root = join(__dirname, '..', '..');
  if (!existsSync(join(root, 'bin', 'cdk.ts')) && !existsSync(join(root, 'bin', 'cdk.js'))) {
    throw new InputError(
      'bowline run needs a checkout or the npm package of Bowline: it executes what its CDK app synthesizes',
    );
  }
  return root;
}
