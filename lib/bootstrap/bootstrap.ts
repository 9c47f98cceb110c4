import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCatalog, type Platform } from '../catalog';
import { badInput, inconclusive } from '../errors';
import { platformNames } from '../pipeline/names';
import { toolboxContext } from '../pipeline/toolbox/context';
import { writeFileAtomic } from '../process';
import type { Reporter } from '../steps';
import { publicKeyFile } from '../verify';
import type { Aws } from './aws';
import { planKeyFile } from './plan-key-file';
import { setToolbox } from './set-toolbox';
import { findTrailGap } from './trail';

export interface BootstrapInput {
  /** The folder of platform.yaml. Public keys are written to its subfolder `keys`. */
  readonly catalog: string;
  readonly aws: Aws;
  /** Accept a signing key that differs from the committed one, and keep the older key for verification. */
  readonly rotate: boolean;
  /** The qualifier of a custom CDK bootstrap. */
  readonly qualifier?: string;
  readonly reporter: Reporter;
  readonly now: Date;
  /** The interval to poll a build. Default: 10. */
  readonly pollSeconds?: number;
}

export interface BootstrapStep {
  readonly name: string;
  /** `refused`: a committed value must not be overwritten. `to-do`: the user must act and run the command again. `next`: what to do afterwards. */
  readonly state: 'done' | 'written' | 'to-do' | 'refused' | 'next';
  readonly message: string;
}

/**
 * Checks the manual steps of a first deployment in order, performs those that need no further permission, and describes the others.
 * Idempotent: it changes only what is missing or out of date.
 * @throws BowlineError `other-account` (exit 3), `toolbox-failed` (exit 1); AwsCallError if an AWS call fails
 */
export async function bootstrap(input: BootstrapInput): Promise<readonly BootstrapStep[]> {
  const { platform } = loadCatalog(input.catalog);
  const account = await input.aws.account();
  if (account !== platform.pipeline.account) {
    throw badInput(
      'other-account',
      `the credentials belong to account ${account}, but pipeline.account of platform.yaml is ${platform.pipeline.account}: use credentials of that account`,
    );
  }
  const steps: BootstrapStep[] = [
    { name: 'account', state: 'done', message: `${account} in ${platform.pipeline.region}` },
    await checkTrail(input),
    await checkCdkBootstrap(input, platform),
    await updateToolbox(input, platform),
  ];
  for (const environmentClass of platformNames(platform).classes) {
    steps.push(await updateKeyFile(input, platform, environmentClass));
  }
  return [...steps, ...describeNextStep(steps, platform)];
}

async function checkTrail({ aws }: BootstrapInput): Promise<BootstrapStep> {
  const name = 'trail';
  const trails = await aws.trails();
  const gap = findTrailGap(trails);
  return gap === undefined
    ? { name, state: 'done', message: trails.map((trail) => trail.name).join(', ') }
    : {
        name,
        state: 'to-do',
        message: `${gap}, so tampering with signing keys and pipelines raises no alarm. In CloudTrail, create a trail for all regions that records read and write management events, including those of KMS (docs/how-to/signing-keys.md, "Who else could sign")`,
      };
}

async function checkCdkBootstrap(
  { aws, qualifier = 'hnb659fds' }: BootstrapInput,
  platform: Platform,
): Promise<BootstrapStep> {
  const version = await aws.bootstrapVersion(qualifier);
  const { account, region } = platform.pipeline;
  return version === undefined
    ? {
        name: 'CDK',
        state: 'to-do',
        message: `npx cdk bootstrap aws://${account}/${region} --cloudformation-execution-policies … ("bowline explain deployment" prints the whole command)`,
      }
    : { name: 'CDK', state: 'done', message: `bootstrap version ${version}` };
}

async function updateToolbox(input: BootstrapInput, platform: Platform): Promise<BootstrapStep> {
  const { aws, reporter } = input;
  const name = 'toolbox';
  const { toolbox } = platformNames(platform);
  if (platform.toolbox !== undefined && !platform.toolbox.startsWith(`${toolbox.image}@`)) {
    return { name, state: 'done', message: `${platform.toolbox} (not built by Bowline, not changed)` };
  }
  const { tag } = toolboxContext(platform.bases.builder);
  const deployed = await aws.toolboxImage(toolbox.project);
  if (deployed !== `${toolbox.image}:${tag}`) {
    const reason = deployed === undefined ? 'the stack is not deployed' : `the deployed stack builds ${deployed}`;
    return {
      name,
      state: 'to-do',
      message: `npx cdk deploy '*/Toolbox' (${reason}), then run this command again`,
    };
  }
  let digest = await aws.digestOf(toolbox.repository, tag);
  if (digest === undefined) {
    await buildToolbox(input, toolbox.project);
    digest = await aws.digestOf(toolbox.repository, tag);
    if (digest === undefined) {
      throw inconclusive(
        'toolbox-failed',
        `the build of ${toolbox.project} succeeded, but ${toolbox.image}:${tag} does not exist`,
      );
    }
  }
  const image = `${toolbox.image}@${digest}`;
  if (platform.toolbox === image) {
    return { name, state: 'done', message: image };
  }
  const file = join(input.catalog, 'platform.yaml');
  writeFileAtomic(file, setToolbox(readFileSync(file, 'utf8'), image));
  if (loadCatalog(input.catalog).platform.toolbox !== image) {
    throw inconclusive(
      'toolbox-failed',
      `${file} does not contain the toolbox ${image} after the update: set it manually`,
    );
  }
  reporter.note(`${file}: toolbox ${image}`);
  return { name, state: 'written', message: image };
}

async function buildToolbox({ aws, reporter, pollSeconds = 10 }: BootstrapInput, project: string): Promise<void> {
  const id = await aws.startBuild(project);
  reporter.note(`building the toolbox: build ${id}, about 15 minutes`);
  for (;;) {
    const { status, phase, log } = await aws.build(id);
    if (status === 'SUCCEEDED') {
      return;
    }
    if (status !== 'IN_PROGRESS') {
      throw inconclusive(
        'toolbox-failed',
        `the build ${id} ended with status ${status}. Log: ${log ?? `log group /bowline/${project}`}`,
      );
    }
    reporter.progress(`${id}: ${phase}`);
    await sleep(pollSeconds * 1000);
  }
}

async function updateKeyFile(
  input: BootstrapInput,
  platform: Platform,
  environmentClass: string,
): Promise<BootstrapStep> {
  const name = `key of ${environmentClass}`;
  const alias = platformNames(platform).keyAlias(environmentClass);
  const pem = await input.aws.publicKey(alias);
  if (pem === undefined) {
    return {
      name,
      state: 'to-do',
      message: `npx cdk deploy '*/Keys' (${alias} does not exist), then run this command again`,
    };
  }
  const file = publicKeyFile({ catalog: input.catalog }, environmentClass);
  const plan = planKeyFile(existsSync(file) ? readFileSync(file, 'utf8') : undefined, pem, {
    rotate: input.rotate,
    today: input.now.toISOString().slice(0, 10),
    file,
  });
  switch (plan.kind) {
    case 'same':
      return { name, state: 'done', message: plan.key.digest };
    case 'differs':
      return {
        name,
        state: 'refused',
        message: `${alias} is now ${plan.key.digest}, but ${file} contains ${plan.before.digest}. If the key was rotated on purpose, run the command with --rotate. Otherwise follow docs/how-to/signing-keys.md, "Suspected key compromise"`,
      };
    case 'write':
      writeFileAtomic(file, plan.text);
      return {
        name,
        state: 'written',
        message: `${plan.key.digest} to ${file}${plan.before === undefined ? '' : `; signatures of ${plan.before.digest} are still valid until you remove that key from the file`}`,
      };
  }
}

function describeNextStep(steps: readonly BootstrapStep[], platform: Platform): readonly BootstrapStep[] {
  if (steps.some(({ state }) => state === 'refused' || state === 'to-do')) {
    return [];
  }
  const written = steps.some(({ state }) => state === 'written');
  return written
    ? [
        {
          name: 'next',
          state: 'next',
          message: `commit platform.yaml and keys/, have the change reviewed, then run npx bowline publish (new pipelines start at once and need their service in the ledger) and npx cdk deploy --all (${platform.name}-platform distributes the change to the pipelines)`,
        },
      ]
    : [];
}
