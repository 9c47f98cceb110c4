import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { inconclusive } from '../../errors';
import { bindToThisProcess, createTemporaryFolder, createToolFolders, runTool, toolEnvironment } from '../../process';
import { buildkitStateFolder, toolPath } from '../../tools';
import type { Reporter } from '../reporter';

const startSeconds = 60;

/**
 * Runs `work` with the BuildKit daemon at an address. Without an address it starts a daemon and stops it afterwards: in a pipeline every build
 * has its own machine, and only the cache in the registry outlives it.
 * @param stateFolder where the daemon keeps layers; it removes what it wrote. @default the volume of the toolbox, or the temporary folder of the machine
 * @throws BowlineError `no-buildkit` (exit 1) with the end of the daemon's log when it does not start
 */
export async function withBuildkit<T>(
  address: string | undefined,
  reporter: Pick<Reporter, 'note'>,
  work: (address: string) => Promise<T>,
  stateFolder = existsSync(buildkitStateFolder) ? buildkitStateFolder : undefined,
): Promise<T> {
  if (address !== undefined && address !== '') {
    return work(address);
  }
  const folder = createTemporaryFolder('buildkit');
  const directory = folder.path;
  const state = createTemporaryFolder('layers', stateFolder);
  const log = join(directory, 'log');
  const ownAddress = `unix://${join(directory, 'buildkitd.sock')}`;
  const folders = createToolFolders(directory);
  writeFileSync(join(folders.configuration, 'buildkitd.toml'), '');
  const output = openSync(log, 'w');
  const daemon = spawn(
    toolPath('buildkitd'),
    [
      // In place of /etc/buildkit/buildkitd.toml.
      ...['--config', join(folders.configuration, 'buildkitd.toml')],
      ...['--addr', ownAddress],
      ...['--root', state.path],
      ...['--oci-worker-binary', toolPath('runc')],
      '--containerd-worker=false',
    ],
    { stdio: ['ignore', output, output], cwd: folders.work, env: toolEnvironment([], folders) },
  );
  closeSync(output);
  const exit = watchExit(daemon);
  try {
    await waitUntilReady(ownAddress, exit, log);
    reporter.note('no --buildkit given: started a BuildKit daemon for this build');
    if (usesCopies(readFileSync(log, 'utf8'))) {
      reporter.note(
        `WARNING: BuildKit copies all files for every step, because the filesystem of ${state.path} cannot be the upper layer of an overlay (snapshotter "native"). Builds are slow and need a multiple of the disk. In a container, mount a volume at ${buildkitStateFolder}; the toolbox has one`,
      );
    }
    return await work(ownAddress);
  } finally {
    daemon.kill('SIGTERM');
    const killTimer = setTimeout(() => daemon.kill('SIGKILL'), 10_000);
    await exit.done;
    clearTimeout(killTimer);
    folder.remove();
    state.remove();
  }
}

/**
 * Whether the daemon fell back to the snapshotter that copies all files of a layer. The result is the same, so this is a warning and no failure.
 * The line is in moby/buildkit, cmd/buildkitd/main_oci_worker.go.
 */
function usesCopies(log: string): boolean {
  return /auto snapshotter: using native\b/.test(log);
}

interface Exit {
  readonly done: Promise<void>;
  /** How the daemon ended; undefined while it runs. */
  description: string | undefined;
}

function watchExit(daemon: ChildProcess): Exit {
  let resolveDone = () => {};
  const exit: Exit = { description: undefined, done: new Promise((resolve) => (resolveDone = resolve)) };
  bindToThisProcess(daemon);
  const onEnd = (description: string) => {
    exit.description = description;
    resolveDone();
  };
  daemon.once('exit', (code, signal) => onEnd(`ended with ${signal ?? `exit code ${code}`}`));
  daemon.once('error', (error) => onEnd(`could not be started: ${error.message}`));
  return exit;
}

async function waitUntilReady(address: string, exit: Exit, log: string): Promise<void> {
  const socket = address.slice('unix://'.length);
  const listWorkers = () =>
    runTool({ program: toolPath('buildctl'), arguments: ['--addr', address, 'debug', 'workers'], timeoutSeconds: 10 });
  const deadline = Date.now() + startSeconds * 1000;
  while (!existsSync(socket) || (await listWorkers()).exitCode !== 0) {
    if (exit.description !== undefined || Date.now() > deadline) {
      const what = exit.description ?? `did not respond within ${startSeconds} s`;
      const last = readFileSync(log, 'utf8').trim().split('\n').slice(-10).join('\n');
      throw inconclusive('no-buildkit', `buildkitd ${what} (it needs root in a privileged container):\n${last}`);
    }
    await sleep(50);
  }
}
