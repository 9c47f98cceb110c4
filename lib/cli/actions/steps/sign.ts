import { loadCatalog, requireService } from '../../../catalog';
import { binaryProvenance, runningBuilder } from '../../../provenance';
import { requireStage } from '../../../release';
import {
  announceBinaries,
  objectStore,
  readReleaseFile,
  sbomFile,
  sign,
  signBinaries,
  writeReleaseFolder,
} from '../../../steps';
import { consoleReporter } from '../../console-reporter';
import { identityOf, repository, required, type StepOptions } from './step-options';
import { logInTo, printResult, readPreviousRecord } from './step-records';

/** `bowline sign` */
export async function runSign(name: string, options: StepOptions): Promise<void> {
  const release = requireStage(readPreviousRecord(name, options), 'scanned');
  const directory = required(options.release, '--release', 'BOWLINE_RELEASE');
  const sboms = Object.fromEntries(
    [...Object.keys(release.sboms), ...Object.keys(release.binarySboms)].map((name) => [
      name,
      readReleaseFile(directory, sbomFile(name)),
    ]),
  );
  const reporter = consoleReporter(true);
  logInTo(release.image.repository, options.signatures);
  const catalog = loadCatalog(options.catalog);
  const { platform } = catalog;
  const service = requireService(catalog, name);
  const run = {
    builder: runningBuilder(process.env),
    ...(options.execution ? { execution: options.execution } : {}),
    ...(options.bundleSha256 ? { bundle: options.bundleSha256 } : {}),
    ...(options.catalogSha256 ? { catalog: options.catalogSha256 } : {}),
  };
  const environmentClass = required(options.class, '--class', 'BOWLINE_CLASS');
  const key = required(options.key, '--key', 'BOWLINE_KEY');
  const signed = await sign({
    platform,
    service,
    run,
    release,
    identity: identityOf(catalog, name, options),
    sboms,
    class: environmentClass,
    key,
    signatures: repository(options.signatures, '--signatures', 'BOWLINE_SIGNATURES'),
    reporter,
  });
  if (signed.binaries.length > 0 && options.binaries) {
    const { jobAws } = await import('../../job-aws');
    const aws = jobAws();
    await signBinaries({
      store: objectStore(aws, options.binaries),
      release: signed,
      sboms,
      platform: platform.name,
      class: environmentClass,
      key,
      provenance: (target) => binaryProvenance({ platform, service, release, run }, target),
      announce: (event) => announceBinaries(aws, event),
      reporter,
    });
  }
  const files = Object.fromEntries(Object.entries(sboms).map(([artifact, text]) => [sbomFile(artifact), text]));
  printResult(options, signed, writeReleaseFolder(options.out, { release: signed, files }));
}
