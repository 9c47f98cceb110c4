/**
 * Measures a promotion into a large ledger: from a new machine, as a job of a pipeline has it, and with a kept clone.
 *   npx tsx bench/ledger.ts [services] [commits]
 * The ledger is generated once per size (some minutes), and served over HTTP by another process.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { cacheDirectory } from '../lib/tools';
import { generateLedger, serviceName } from './ledger/generate';
import { type CommandMeasure, measureCommand } from './ledger/measure';
import { serveRepositories } from './ledger/serve';
import { markdownTable } from './table';

const services = Number(process.argv[2] ?? 10_000);
const commits = Number(process.argv[3] ?? 2000);
const rounds = 3;

async function main(): Promise<void> {
  const server = await startServer(await ensureLedger());
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-ledger-bench-'));
  try {
    const program = join(scratch, 'command.cjs');
    buildSync({
      entryPoints: [join(__dirname, 'ledger', 'command.ts')],
      outfile: program,
      bundle: true,
      platform: 'node',
      target: 'node20',
      logLevel: 'error',
    });
    const address = `${server.url}/ledger.git`;
    let releases = 0;
    const promote = (cache: string) =>
      measureCommand([
        program,
        'promote',
        address,
        cache,
        serviceName((releases * 17) % services),
        `release ${process.pid} ${releases++}`,
      ]);
    const history = (cache: string) => measureCommand([program, 'history', address, cache, serviceName(1)]);
    const kept = join(scratch, 'kept');
    const cases: readonly (readonly [string, () => Promise<CommandMeasure>])[] = [
      ['promote, new machine (a job)', () => promote('')],
      ['promote, new machine, with the full history', () => promote(mkdtempSync(join(scratch, 'clone-')))],
      ['promote, kept clone', () => promote(kept)],
      ['history, new machine (a job)', () => history('')],
      ['history, kept clone', () => history(kept)],
    ];
    await promote(kept);
    const rows: (readonly [string, CommandMeasure])[] = [];
    for (const [name, run] of cases) {
      const measures: CommandMeasure[] = [];
      for (let round = 0; round < rounds; round++) {
        measures.push(await run());
      }
      rows.push([name, median(measures)]);
    }
    const unit = rows[0]?.[1].cpu ?? 1;
    process.stdout.write(
      markdownTable(
        ['Command', 'wall', 'CPU', 'ratio', 'peak memory of a process'],
        rows.map(([name, { wall, cpu, peakBytes }]) => [
          name,
          `${wall.toFixed(1)} s`,
          `${cpu.toFixed(1)} s`,
          (cpu / unit).toFixed(1),
          `${Math.round(peakBytes / 2 ** 20)} MiB`,
        ]),
      ),
    );
  } finally {
    server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The folder of the generated ledger. */
async function ensureLedger(): Promise<string> {
  const folder = join(cacheDirectory(), 'bench-ledgers', `${services}-${commits}`);
  const repository = join(folder, 'ledger.git');
  if (!existsSync(repository)) {
    const partial = join(folder, `new-${process.pid}.git`);
    mkdirSync(partial, { recursive: true });
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', partial]);
    execFileSync('git', ['config', 'http.receivepack', 'true'], { cwd: partial });
    execFileSync('git', ['config', 'gc.auto', '0'], { cwd: partial });
    await generateLedger(partial, services, commits);
    // With a bitmap, as a git host keeps it. Looking for smaller deltas would take longer than everything else.
    execFileSync('git', ['repack', '-adq', '--window=0', '--write-bitmap-index'], { cwd: partial });
    renameSync(partial, repository);
  }
  return folder;
}

/** Starts this file again as the server, so that its time is not measured. */
function startServer(root: string): Promise<{ readonly url: string; stop(): void }> {
  const child = spawn(process.execPath, ['--import', 'tsx', __filename, '--serve', root], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) =>
      resolve({ url: chunk.toString('utf8').trim(), stop: () => child.kill() }),
    );
    child.once('exit', () => reject(new Error('the server ended')));
  });
}

function median(measures: readonly CommandMeasure[]): CommandMeasure {
  const middle = [...measures].sort((a, b) => a.cpu - b.cpu)[Math.floor(measures.length / 2)];
  if (middle === undefined) {
    throw new Error('nothing was measured');
  }
  return middle;
}

if (process.argv[2] === '--serve') {
  void serveRepositories(process.argv[3] ?? '').then((url) => process.stdout.write(`${url}\n`));
} else {
  void main();
}
