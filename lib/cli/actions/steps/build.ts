import { join } from 'node:path';
import { loadCatalog, requireService } from '../../../catalog';
import { build, completeSource, objectStore, uploadBinaries, withBuildkit, writeReleaseFolder } from '../../../steps';
import { commitSha, gitRef } from '../../../values';
import { consoleReporter } from '../../console-reporter';
import { binariesFolder, parseFlag, repository, required, type StepOptions } from './step-options';
import { logInTo, openModules, printResult } from './step-records';

/** `bowline build` */
export async function runBuild(name: string, options: StepOptions): Promise<void> {
  const catalog = loadCatalog(options.catalog);
  const reporter = consoleReporter(true);
  const service = requireService(catalog, name);
  const input = {
    platform: catalog.platform,
    service,
    source: options.source ?? '.',
    commit: parseFlag('--commit', () => commitSha(required(options.commit, '--commit', 'BOWLINE_COMMIT'))),
    ref: parseFlag('--ref', () => gitRef(required(options.ref, '--ref', 'BOWLINE_REF'))),
    repository: repository(options.repository, '--repository', 'BOWLINE_REPOSITORY'),
    cacheRepository: options.cacheRepository
      ? repository(options.cacheRepository, '--cache-repository', 'BOWLINE_CACHE_REPOSITORY')
      : undefined,
    hostNetwork: options.hostNetwork === '1',
    openModules: () => openModules(service, options, reporter),
    // A part of the release folder: scan reads them there.
    binariesDirectory: join(options.out, binariesFolder),
    reporter,
  };
  await completeSource(input);
  logInTo(input.repository, options.cacheRepository, ...Object.values(catalog.platform.bases));
  const release = await withBuildkit(options.buildkit, reporter, (buildkit) => build({ ...input, buildkit }));
  if (release.binaries.length > 0 && options.binaries) {
    const { jobAws } = await import('../../job-aws');
    await uploadBinaries({
      store: objectStore(jobAws(), options.binaries),
      release,
      directory: input.binariesDirectory,
      reporter,
    });
  }
  reporter.end();
  printResult(options, release, writeReleaseFolder(options.out, { release, files: {} }));
}
