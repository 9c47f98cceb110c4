import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Platform, requireService } from '../../catalog';
import { platformNames } from '../../pipeline/names';
import { checkConfiguration, compressedSize, publicKeyOf, readSource, writeWhole } from '../../steps';
import { publish } from '../../steps/gitops/publish';
import { withLock } from '../../tools';
import { digest, imageRepository } from '../../values';
import { defaultStateDirectory, type LocalServices, startLocalServices } from '../services/services';
import { openArtifactStore } from './archive/artifact-store';
import { buildEnvironment } from './build-environment';
import { prepareSynthesized } from './prepare-synthesized';
import type { Prepared, RunInput } from './pipeline-source';
import { formatActionResult, timedStep } from './action-result';
import { chooseService } from './run-catalog';
import { runPipeline, type SourceContent } from './run-pipeline';
import { builtImage, type RunResult, reportRunFailure, runResult } from './run-result';
import { reportSubmodules, snapshotSource } from './source-snapshot';

/**
 * Runs the whole road on this machine: what CDK synthesized, action by action, against a registry, BuildKit and a KMS of its own.
 * Every run starts at the beginning; what is there already is found and left alone, so that an interrupted road is finished by the next run.
 */
export async function runRelease(input: RunInput): Promise<RunResult> {
  const stateDirectory = input.stateDirectory ?? defaultStateDirectory();
  mkdirSync(stateDirectory, { recursive: true });
  return withLock(
    join(stateDirectory, 'run.lock'),
    () => runAlone(input, stateDirectory),
    (holder) => input.reporter.note(`another run (process ${holder}) uses ${stateDirectory}: waiting`),
  );
}

async function runAlone(input: RunInput, stateDirectory: string): Promise<RunResult> {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-run-'));
  const { platform, service } = chooseService(input.catalog, input.name, input.serviceFile);
  const facts = readSource(join(input.source, service.source.directory));
  const { region } = platform.pipeline;
  let services: LocalServices | undefined;
  try {
    services = await startLocalServices({
      stateDirectory,
      region,
      ...(input.deployed === undefined
        ? {
            keys: platformNames(platform).classes.map(platformNames(platform).keyAlias),
            buckets: service.build.binaries.length === 0 ? [] : [platformNames(platform).binariesBucket],
          }
        : { keys: [], aws: input.deployed }),
    });
    const home = join(stateDirectory, input.deployed === undefined ? 'runs' : 'aws/runs', service.name);
    const prepare =
      input.deployed === undefined
        ? prepareSynthesized
        : (await import('../deployed/prepare-deployed')).prepareDeployed;
    const prepared = await prepare({ input, platform, service, facts, services, home });
    return await travel(input, services, service.name, prepared, home, scratch);
  } finally {
    await services?.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** From the commit to the ledger. */
async function travel(
  input: RunInput,
  services: LocalServices,
  serviceName: string,
  prepared: Prepared,
  home: string,
  scratch: string,
): Promise<RunResult> {
  const { reporter } = input;
  const { catalog, ledger, pipeline, databases } = prepared;
  const { platform } = catalog;
  const service = requireService(catalog, serviceName);
  const publishing = process.hrtime.bigint();
  const location = { repository: ledger, branch: platform.ledger.branch };
  const published = await publish({
    catalog,
    ledger: location,
    renderer: input.renderer,
    check: checkConfiguration,
  });
  const publication = timedStep(publishing, 'Publish');
  reporter.note(
    `${formatActionResult(publication)}${published.changed ? `  ledger commit ${published.commit?.slice(0, 12)}` : '  nothing new'}`,
  );

  const keysDirectory = join(services.stateDirectory, input.deployed === undefined ? 'keys' : 'aws/keys');
  const keys = prepared.keys ?? (await exportKeys(platform, services, keysDirectory));
  const snapshot = await snapshotSource(input.source);
  try {
    const zips = { Source: join(scratch, 'source.zip'), Bowline: join(scratch, 'bowline.zip') };
    await snapshot.writeZip(zips.Source);
    writeWhole(zips.Bowline, prepared.bundle);
    reportSubmodules(snapshot, service.source.directory, reporter.note);
    if (!snapshot.committed) {
      reporter.note(
        `the source is not committed as it is: this run goes by the name of its content, ${snapshot.commit.slice(0, 12)}`,
      );
    }
    const { region } = pipeline.place;
    const store = await openArtifactStore(services.aws.endpoint, region, prepared.artifactBucket, service.name);
    const result = await runPipeline({
      pipeline,
      store,
      sources: new Map<string, SourceContent>([
        ['Source', { zip: zips.Source, variables: { CommitId: snapshot.commit, BranchName: service.source.branch } }],
        ['Bowline', { zip: zips.Bowline, variables: {} }],
      ]),
      environment: buildEnvironment(process.env, { root: input.root, services, keys, databases }),
      logDirectory: join(home, 'log'),
      onAction: (event) =>
        reporter.progress(
          event.kind === 'line'
            ? `${event.action.name}: ${event.line}`
            : `${event.action.stage}/${event.action.name} …`,
        ),
      onDone: (action, done) => {
        if (action.provider !== 'CodeBuild' && action.provider !== 'Manual') {
          return;
        }
        reporter.note(`${formatActionResult(done)}${action.provider === 'Manual' ? '  approved: this is a local run' : ''}`);
      },
    });
    reporter.end();
    reportRunFailure(result, reporter);
    return runResult({
      service: service.name,
      commit: snapshot.commit,
      ledger,
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

/** The public keys of the classes, where promote reads them: `<class>.pub`. */
async function exportKeys(platform: Platform, services: LocalServices, directory: string): Promise<string> {
  const { classes, key } = platformNames(platform);
  const { environment } = services.aws;
  await Promise.all(
    classes.map(async (name) => writeWhole(join(directory, `${name}.pub`), await publicKeyOf(key(name), environment))),
  );
  return directory;
}

async function imageSizes(variables: ReadonlyMap<string, string>): Promise<Readonly<Record<string, number>>> {
  const { repository, platforms } = builtImage(variables);
  const sizes = Object.entries(platforms).map(
    async ([name, image]) => [name, await compressedSize(imageRepository(repository), digest(image))] as const,
  );
  return Object.fromEntries(await Promise.all(sizes));
}
