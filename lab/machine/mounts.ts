import { readFileSync } from 'node:fs';
import { run } from '../../lib/process';
import { toolPath } from '../../lib/tools';
import type { Layout } from '../layout';

/** Mount points below the state directory, deepest first. */
export function labMounts(layout: Layout): readonly string[] {
  return parseMountPoints(readFileSync('/proc/mounts', 'utf8'))
    .filter((path) => path === layout.state || path.startsWith(`${layout.state}/`))
    .sort((a, b) => b.length - a.length);
}

export async function unmountAll(layout: Layout): Promise<void> {
  for (const path of labMounts(layout)) {
    await run({ program: toolPath('umount'), arguments: ['--lazy', path], timeoutSeconds: 10 });
  }
}

/** Reads the mount points from /proc/mounts, which writes a space as \040. */
function parseMountPoints(mounts: string): readonly string[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' ')[1])
    .filter((path): path is string => path !== undefined)
    .map((path) => path.replace(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
}
