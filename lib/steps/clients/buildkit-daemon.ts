import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inconclusive } from '../../errors';
import { run } from '../../process';
import { toolPath } from '../../tools';
import type { Reporter } from '../reporter';

const deadlineSeconds = 60;

/**
 * Works with the BuildKit daemon at an address or, where none is given, with one that is started for this work alone: in a pipeline every
 * build has a machine of its own, and what is kept between builds is the registry's cache.
 * @throws BowlineError `no-buildkit` with the end of its log when it does not start
 */
export async function withBuildkit<T>(
  address: string | undefined,
  reporter: Pick<Reporter, 'note'>,
  work: (address: string) => Promise<T>,
): Promise<T> {
  if (address !== undefined && address !== '') {
    return work(address);
  }
  const directory = mkdtempSync(join(tmpdir(), 'bowline-buildkit-'));
  const log = join(directory, 'log');
  const own = `unix://${join(directory, 'buildkitd.sock')}`;
  const output = openSync(log, 'w');
  const daemon = spawn(
    toolPath('buildkitd'),
    [
      ...['--addr', own],
      ...['--root', join(directory, 'root')],
      ...['--oci-worker-binary', toolPath('runc')],
      '--containerd-worker=false',
    ],
    { stdio: ['ignore', output, output] },
  );
  closeSync(output);
  const ended = ending(daemon);
  try {
    await answering(own, ended, log);
    reporter.note('no BuildKit was given: this build has one of its own');
    return await work(own);
  } finally {
    daemon.kill('SIGTERM');
    const killing = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
    await ended.promise;
    clearTimeout(killing);
    rmSync(directory, { recursive: true, force: true });
  }
}

interface Ending {
  readonly promise: Promise<void>;
  /** What happened, once it has. */
  how: string | undefined;
}

function ending(daemon: ChildProcess): Ending {
  let done = () => {};
  const result: Ending = { how: undefined, promise: new Promise((resolve) => (done = resolve)) };
  const stop = () => daemon.kill('SIGKILL');
  process.once('exit', stop);
  const end = (how: string) => {
    result.how = how;
    process.removeListener('exit', stop);
    done();
  };
  daemon.once('exit', (code, signal) => end(`ended with ${signal ?? `exit code ${code}`}`));
  daemon.once('error', (error) => end(`could not be started: ${error.message}`));
  return result;
}

async function answering(address: string, ended: Ending, log: string): Promise<void> {
  const socket = address.slice('unix://'.length);
  const workers = () =>
    run({ program: toolPath('buildctl'), arguments: ['--addr', address, 'debug', 'workers'], timeoutSeconds: 10 });
  const deadline = Date.now() + deadlineSeconds * 1000;
  while (!existsSync(socket) || (await workers()).exitCode !== 0) {
    if (ended.how !== undefined || Date.now() > deadline) {
      const what = ended.how ?? `did not answer within ${deadlineSeconds} s`;
      const last = readFileSync(log, 'utf8').trim().split('\n').slice(-10).join('\n');
      throw inconclusive('no-buildkit', `buildkitd ${what} (it needs a privileged container, and root):\n${last}`);
    }
    await sleep(50);
  }
}
