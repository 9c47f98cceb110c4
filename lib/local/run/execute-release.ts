import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Platform, requireService } from '../../catalog';
import { platformNames } from '../../pipeline/names';
import { createTemporaryFolder, writeFileAtomic } from '../../process';
import {
  checkConfiguration,
  checkSubmoduleUrls,
  compressedSize,
  inspectSource,
  publicKeyOf,
  type Reporter,
} from '../../steps';
import { publish } from '../../steps/gitops/publish';
import { withLock } from '../../tools';
import { digest, imageRepository } from '../../values';
import { defaultStateDirectory, type LocalServices, startLocalServices } from '../services/services';
import { formatActionResult, timedStep } from './action-result';
import { openArtifactStore } from './archive/artifact-store';
import { buildEnvironment } from './build-environment';
import { bundleArtifacts, type PipelineSource, type PreparedRun, type RunInput } from './pipeline-source';
import { reportModuleCredential } from './report-module-credential';
import { chooseService } from './run-catalog';
import { type PipelineRun, runPipeline, type SourceContent } from './run-pipeline';
import { builtImage, type RunResult, reportRunFailure, runResult } from './run-result';
import { reportSubmodules, snapshotSource } from './source-snapshot';

/**
 * Executes a release pipeline on this machine, action by action, against a local registry, BuildKit and AWS. One run per state folder at a time.
 * Every run starts at the first action. Since the steps are idempotent, a run finishes the release that an interrupted run left incomplete.
 */
export async function executeRelease(input: RunInput, source: PipelineSource): Promise<RunResult> {
  const stateDirectory = input.stateDirectory ?? defaultStateDirectory();
  mkdirSync(stateDirectory, { recursive: true });
  return withLock(
    join(stateDirectory, 'run.lock'),
    () => executeLocked(input, source, stateDirectory),
    (holder) => input.reporter.note(`waiting for process ${holder}, another run that uses ${stateDirectory}`),
  );
}

async function executeLocked(input: RunInput, source: PipelineSource, stateDirectory: string): Promise<RunResult> {
  const { platform, service } = chooseService(input.catalog, input.name, input.serviceFile);
  const { facts, notes } = await inspectSource(input.source, service);
  await checkSubmoduleUrls(platform, service, input.source);
  for (const note of notes) {
    input.reporter.note(note);
  }
  await reportModuleCredential(service, facts, input.reporter);
  const folder = join(stateDirectory, source.stateFolder ?? '');
  const home = join(folder, 'runs', service.name);
  const temporary = createTemporaryFolder('run');
  const scratch = temporary.path;
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({
      stateDirectory,
      region: platform.pipeline.region,
      progress: (line) => input.reporter.note(line),
      ...source.serviceOptions(platform, service),
    });
    const prepared = await source.prepare({ input, platform, service, facts, services, home });
    return await executePrepared({
      input,
      services,
      serviceName: service.name,
      prepared,
      keysDirectory: join(folder, 'keys'),
      logDirectory: join(home, 'log'),
      scratch,
    });
  } finally {
    await services?.stop();
    temporary.remove();
  }
}

interface ReleaseContext {
  readonly input: RunInput;
  readonly services: LocalServices;
  readonly serviceName: string;
  readonly prepared: PreparedRun;
  /** Folder for public keys, where the pipeline has none of its own. */
  readonly keysDirectory: string;
  readonly logDirectory: string;
  readonly scratch: string;
}

/** Publishes the catalog to the ledger, and then runs the actions of the pipeline on the source. */
async function executePrepared(context: ReleaseContext): Promise<RunResult> {
  const { input, services, serviceName, prepared, scratch } = context;
  const { reporter } = input;
  const { catalog, ledger, pipeline } = prepared;
  const service = requireService(catalog, serviceName);

  const publishing = process.hrtime.bigint();
  const published = await publish({
    catalog,
    ledger: { repository: ledger, branch: catalog.platform.ledger.branch },
    renderer: input.renderer,
    check: checkConfiguration,
  });
  const publication = timedStep(publishing, 'Publish');
  const publicationNote = published.changed ? `ledger commit ${published.commit?.slice(0, 12)}` : 'no change';
  reporter.note(`${formatActionResult(publication)}  ${publicationNote}`);

  const keys = prepared.keys ?? (await exportKeys(catalog.platform, services, context.keysDirectory));
  const snapshot = await snapshotSource(input.source, service.source.clone);
  try {
    const sourceZip = join(scratch, 'source.zip');
    await snapshot.writeZip(sourceZip);
    const bundles = bundleArtifacts.map((name): [string, SourceContent] => {
      const zip = join(scratch, `${name}.zip`);
      writeFileAtomic(zip, prepared.bundle[name]);
      return [name, { zip, variables: {} }];
    });
    reportSubmodules(snapshot, service.source, reporter.note);
    if (!snapshot.committed) {
      reporter.note(
        `the source has uncommitted changes: instead of a commit, the release names the hash of its content, ${snapshot.commit.slice(0, 12)}`,
      );
    }
    const result = await runPipeline({
      pipeline,
      store: await openArtifactStore({
        endpoint: services.aws.endpoint,
        region: pipeline.place.region,
        bucket: prepared.artifactBucket,
        execution: service.name,
      }),
      sources: new Map<string, SourceContent>([
        ['Source', { zip: sourceZip, variables: { CommitId: snapshot.commit, BranchName: service.source.branch } }],
        ...bundles,
      ]),
      environment: buildEnvironment(process.env, {
        root: input.root,
        services,
        keys,
        databases: prepared.databases,
      }),
      jobEnvironment: input.jobEnvironment,
      logDirectory: context.logDirectory,
      ...reportActions(reporter),
    });
    reporter.end();
    reportRunFailure(result, reporter);
    return runResult({
      service: service.name,
      commit: snapshot.commit,
      ledger,
      databases: prepared.databases,
      folders: { catalog: prepared.catalogDirectory, keys, logs: context.logDirectory },
      published: published.changed,
      steps: [prepared.step, publication],
      pipeline,
      result,
      sizes: await imageSizes(result.variables),
    });
  } finally {
    snapshot.dispose();
  }
}

/** Reports the progress of each action, and the results of builds and approvals. */
function reportActions(reporter: Reporter): Pick<PipelineRun, 'onAction' | 'onDone'> {
  return {
    onAction: ({ kind, action, line }) =>
      reporter.progress(kind === 'line' ? `${action.name}: ${line}` : `${action.stage}/${action.name} …`),
    onDone: ({ provider }, result) => {
      if (provider === 'CodeBuild') {
        reporter.note(formatActionResult(result));
      } else if (provider === 'Manual') {
        reporter.note(`${formatActionResult(result)}  approved, since this is a local run`);
      }
    },
  };
}

/** Writes the public key of each environment class to `<class>.pub`, where promote reads it. */
async function exportKeys(platform: Platform, services: LocalServices, directory: string): Promise<string> {
  const { classes, key } = platformNames(platform);
  const { environment } = services.aws;
  await Promise.all(
    classes.map(async (name) =>
      writeFileAtomic(join(directory, `${name}.pub`), await publicKeyOf(key(name), environment)),
    ),
  );
  return directory;
}

/** Compressed bytes by target platform. */
async function imageSizes(variables: ReadonlyMap<string, string>): Promise<Readonly<Record<string, number>>> {
  const { repository, platforms } = builtImage(variables);
  const sizes = Object.entries(platforms).map(
    async ([name, image]) => [name, await compressedSize(imageRepository(repository), digest(image))] as const,
  );
  return Object.fromEntries(await Promise.all(sizes));
}
