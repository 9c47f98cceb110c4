import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { type CommitSha, commitSha } from '../../lib/values';
import type { LabServiceName } from '../lab-catalog';
import { type Layout, within } from '../layout';
import { writePodinfo } from './podinfo-source';

/** A version of the example service, with the faults that it has on purpose (examples/hello/internal/fault). */
export interface HelloVersion {
  readonly version: string;
  readonly fault?: {
    readonly errorRate?: number;
    readonly delay?: string;
    readonly delayRate?: number;
    readonly crashAfter?: string;
    readonly neverReady?: boolean;
  };
}

/** A commit in the repository of the example service. */
export interface SourceCommit {
  readonly directory: string;
  readonly commit: CommitSha;
}

/** Commits a version of a service to a repository of the lab, in place of a developer's push. */
export async function commitVersion(
  layout: Layout,
  service: LabServiceName,
  hello: HelloVersion,
): Promise<SourceCommit> {
  const directory = within(layout, 'source', service);
  const git = async (...words: readonly string[]) =>
    (await mustRun({ program: 'git', arguments: words, directory, timeoutSeconds: 30 })).stdout.trim();
  if (!existsSync(join(directory, '.git'))) {
    mkdirSync(directory, { recursive: true });
    await git('init', '--quiet', '--initial-branch=main');
  }
  await (service === 'hello' ? writeHello(directory, hello) : writePodinfo(directory, hello));
  await git('add', '--all');
  if ((await git('status', '--porcelain')) !== '') {
    await git(
      '-c',
      'user.name=Dev',
      '-c',
      'user.email=dev@example.com',
      'commit',
      '--quiet',
      '-m',
      `Release ${hello.version}`,
    );
  }
  return { directory, commit: commitSha(await git('rev-parse', 'HEAD')) };
}

/** Writes the source of a version to a directory. */
export function writeHello(directory: string, { version, fault = {} }: HelloVersion): void {
  cpSync(join(__dirname, '..', '..', 'examples', 'hello'), directory, { recursive: true });
  writeFileSync(join(directory, 'internal', 'version', 'VERSION'), `${version}\n`);
  writeFileSync(join(directory, 'internal', 'fault', 'fault.json'), `${JSON.stringify(fault)}\n`);
}
