import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { type BootstrapStep, bootstrap, createAwsClient } from '../../bootstrap';
import { loadCatalog } from '../../catalog';
import { exitCodes } from '../../errors';
import { consoleReporter } from '../console-reporter';

const marks = { done: '✓', written: '✓', 'to-do': '…', refused: '✗', next: '→' } as const;

/** Options of `bowline bootstrap`. */
export interface BootstrapOptions {
  readonly catalog: string;
  readonly json: boolean;
  readonly rotate: boolean;
  readonly endpoint?: string;
  readonly qualifier?: string;
}

/** `bowline bootstrap` */
export async function runBootstrap(options: BootstrapOptions): Promise<void> {
  const { endpoint, qualifier } = options;
  const { region } = loadCatalog(options.catalog).platform.pipeline;
  const reporter = consoleReporter();
  // The client's only use is the SDK's default credential chain.
  const { credentials } = new CodeBuildClient({ region }).config;
  const steps = await bootstrap({
    catalog: options.catalog,
    aws: createAwsClient({ region, ...(endpoint ? { endpoint } : {}) }, () => credentials()),
    rotate: options.rotate,
    qualifier,
    reporter,
    now: new Date(),
  });
  reporter.end();
  for (const step of steps) {
    process.stderr.write(stepLine(step));
  }
  const states = steps.map(({ state }) => state);
  process.exitCode = states.includes('refused')
    ? exitCodes.rejected
    : states.includes('to-do')
      ? exitCodes.inconclusive
      : exitCodes.passed;
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: process.exitCode === exitCodes.passed, steps })}\n`);
  }
}

function stepLine({ name, state, message }: BootstrapStep): string {
  return `${marks[state]} ${name.padEnd(22)} ${state === 'to-do' ? `to do: ${message}` : message}\n`;
}
