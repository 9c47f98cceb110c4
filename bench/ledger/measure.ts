import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { endedChildrenSeconds } from '../cpu';

export interface CommandMeasure {
  readonly wall: number;
  /** Of the process and of the gits that it started. */
  readonly cpu: number;
  /** The largest resident set of one process, in bytes. */
  readonly peakBytes: number;
}

/** Runs a Node.js program and measures it together with its descendants. @throws Error when it fails */
export async function measureCommand(args: readonly string[]): Promise<CommandMeasure> {
  const before = endedChildrenSeconds();
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  let peakBytes = 0;
  const sample = setInterval(() => {
    peakBytes = Math.max(peakBytes, peakOf(child.pid as number));
  }, 10);
  const code = await new Promise<number | null>((done) => child.on('close', done));
  clearInterval(sample);
  if (code !== 0) {
    throw new Error(`${args.join(' ')} ended with ${code}`);
  }
  return { wall: (performance.now() - started) / 1000, cpu: endedChildrenSeconds() - before, peakBytes };
}

/** The peak of the largest process of a tree. */
function peakOf(pid: number): number {
  try {
    const kibibytes = Number(/^VmHWM:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return Math.max(kibibytes * 1024, ...children.map(peakOf));
  } catch {
    // The process has ended.
    return 0;
  }
}
