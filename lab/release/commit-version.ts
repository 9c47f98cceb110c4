import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mustRun } from '../../lib/process';
import { type CommitSha, commitSha } from '../../lib/values';
import type { LabServiceName } from '../lab-catalog';
import { type Layout, within } from '../layout';
import { writeHello } from './hello-source';
import { writePodinfo } from './podinfo-source';
import type { ServiceVersion } from './service-version';

/** A commit in the repository of the example service. */
export interface SourceCommit {
  readonly directory: string;
  readonly commit: CommitSha;
}

/** Commits a version of a service to a repository of the lab, in place of a developer's push. */
export async function commitVersion(
  layout: Layout,
  service: LabServiceName,
  version: ServiceVersion,
): Promise<SourceCommit> {
  const directory = within(layout, 'source', service);
  const git = async (...words: readonly string[]) =>
    (await mustRun({ program: 'git', arguments: words, directory, timeoutSeconds: 30 })).stdout.trim();
  if (!existsSync(join(directory, '.git'))) {
    mkdirSync(directory, { recursive: true });
    await git('init', '--quiet', '--initial-branch=main');
  }
  await (service === 'hello' ? writeHello(directory, version) : writePodinfo(directory, version));
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
      `Release ${version.version}`,
    );
  }
  return { directory, commit: commitSha(await git('rev-parse', 'HEAD')) };
}
