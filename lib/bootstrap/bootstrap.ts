import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadCatalog, type Platform } from '../catalog';
import { badInput, inconclusive } from '../errors';
import { platformNames } from '../pipeline/names';
import { toolboxContext } from '../pipeline/toolbox/context';
import { type Reporter, writeWhole } from '../steps';
import type { Aws } from './aws';
import { keyFile } from './key-file';
import { withToolbox } from './toolbox-line';
import { trailGap } from './trail';

export interface BootstrapInput {
  /** Folder of platform.yaml; public keys go to its folder `keys`. */
  readonly catalog: string;
  readonly aws: Aws;
  /** Take a key that is another than the committed one, and keep the older beside it. */
  readonly rotate: boolean;
  /** The CDK's, where a company has a bootstrap of its own. */
  readonly qualifier?: string;
  readonly reporter: Reporter;
  readonly now: Date;
  /** Seconds between two looks at a build. Default: 10. */
  readonly pollSeconds?: number;
}

export interface BootstrapStep {
  readonly name: string;
  /** `refused`: something is there that must not be overwritten. `to-do`: a person has to do something first, and run it again. `next`: nothing is left here. */
  readonly state: 'there' | 'written' | 'to-do' | 'refused' | 'next';
  readonly message: string;
}

/**
 * What the first deployment needs a person for, in order: looks at each step, does what it may, and says what is to be done by whom.
 * It can be run at any time, and changes nothing that is right already.
 * @throws BowlineError `other-account` (exit 3), `toolbox-failed` (exit 1); AwsCallError when AWS does not answer as expected
 */
export async function bootstrap(input: BootstrapInput): Promise<readonly BootstrapStep[]> {
  const { platform } = loadCatalog(input.catalog);
  const account = await input.aws.account();
  if (account !== platform.pipeline.account) {
    throw badInput(
      'other-account',
      `the credentials are of account ${account}, and platform.yaml says that pipelines live in ${platform.pipeline.account}: nothing was looked at`,
    );
  }
  const steps: BootstrapStep[] = [
    { name: 'account', state: 'there', message: `${account} in ${platform.pipeline.region}` },
    await trailStep(input),
    await cdkStep(input, platform),
    await toolboxStep(input, platform),
  ];
  for (const environmentClass of platformNames(platform).classes) {
    steps.push(await keyStep(input, platform, environmentClass));
  }
  return [...steps, ...lastStep(steps, platform)];
}

async function trailStep({ aws }: BootstrapInput): Promise<BootstrapStep> {
  const name = 'trail';
  const trails = await aws.trails();
  const gap = trailGap(trails);
  return gap === undefined
    ? { name, state: 'there', message: trails.map((trail) => trail.name).join(', ') }
    : {
        name,
        state: 'to-do',
        message: `${gap}: nobody is told when a signing key or the way to it is touched. CloudTrail, "Create trail": management events, reading and writing, those of KMS not left out, in all regions (docs/how-to/signing-keys.md, "Who else could sign")`,
      };
}

async function cdkStep({ aws, qualifier = 'hnb659fds' }: BootstrapInput, platform: Platform): Promise<BootstrapStep> {
  const version = await aws.bootstrapVersion(qualifier);
  const { account, region } = platform.pipeline;
  return version === undefined
    ? {
        name: 'CDK',
        state: 'to-do',
        message: `npx cdk bootstrap aws://${account}/${region} --cloudformation-execution-policies <ARN of the policy that "bowline explain deployment" prints>`,
      }
    : { name: 'CDK', state: 'there', message: `bootstrap version ${version}` };
}

async function toolboxStep(input: BootstrapInput, platform: Platform): Promise<BootstrapStep> {
  const { aws, reporter } = input;
  const name = 'toolbox';
  const { toolbox } = platformNames(platform);
  if (platform.toolbox !== undefined && !platform.toolbox.startsWith(`${toolbox.image}@`)) {
    return { name, state: 'there', message: `${platform.toolbox}, which is the platform's own: left as it is` };
  }
  const { tag } = toolboxContext(platform.bases.builder);
  const deployed = await aws.toolboxOf(toolbox.project);
  if (deployed !== `${toolbox.image}:${tag}`) {
    const why = deployed === undefined ? 'its stack is not deployed' : `the stack that is deployed makes ${deployed}`;
    return { name, state: 'to-do', message: `npx cdk deploy ${toolbox.project} (${why}), then run this again` };
  }
  let digest = await aws.digestOf(toolbox.repository, tag);
  if (digest === undefined) {
    await makeToolbox(input, toolbox.project);
    digest = await aws.digestOf(toolbox.repository, tag);
    if (digest === undefined) {
      throw inconclusive('toolbox-failed', `${toolbox.project} ended well, and ${toolbox.image}:${tag} is not there`);
    }
  }
  const image = `${toolbox.image}@${digest}`;
  if (platform.toolbox === image) {
    return { name, state: 'there', message: image };
  }
  const file = join(input.catalog, 'platform.yaml');
  writeWhole(file, withToolbox(readFileSync(file, 'utf8'), image));
  if (loadCatalog(input.catalog).platform.toolbox !== image) {
    throw inconclusive('toolbox-failed', `${file} was written, and does not say ${image}`);
  }
  reporter.note(`${file}: toolbox ${image}`);
  return { name, state: 'written', message: image };
}

async function makeToolbox({ aws, reporter, pollSeconds = 10 }: BootstrapInput, project: string): Promise<void> {
  const id = await aws.startBuild(project);
  reporter.note(`making the toolbox: build ${id}, about 15 minutes`);
  for (;;) {
    const { status, phase, log } = await aws.build(id);
    if (status === 'SUCCEEDED') {
      return;
    }
    if (status !== 'IN_PROGRESS') {
      throw inconclusive(
        'toolbox-failed',
        `the build ${id} ended ${status}; its log: ${log ?? `the log group /bowline/${project}`}`,
      );
    }
    reporter.progress(`${id}: ${phase}`);
    await sleep(pollSeconds * 1000);
  }
}

async function keyStep(input: BootstrapInput, platform: Platform, environmentClass: string): Promise<BootstrapStep> {
  const name = `key of ${environmentClass}`;
  const alias = platformNames(platform).keyAlias(environmentClass);
  const pem = await input.aws.publicKey(alias);
  if (pem === undefined) {
    return {
      name,
      state: 'to-do',
      message: `npx cdk deploy ${platform.name}-keys (there is no ${alias}), then run this again`,
    };
  }
  const file = join(input.catalog, 'keys', `${environmentClass}.pub`);
  const change = keyFile(existsSync(file) ? readFileSync(file, 'utf8') : undefined, pem, {
    rotate: input.rotate,
    today: input.now.toISOString().slice(0, 10),
    file,
  });
  switch (change.kind) {
    case 'same':
      return { name, state: 'there', message: change.key.digest };
    case 'differs':
      return {
        name,
        state: 'refused',
        message: `${alias} is now ${change.key.digest}, and ${file} has ${change.before.digest}. If the key was replaced on purpose: --rotate. If nobody meant to: docs/how-to/signing-keys.md, "Suspected key compromise"`,
      };
    case 'write':
      writeWhole(file, change.text);
      return {
        name,
        state: 'written',
        message: `${change.key.digest} to ${file}${change.before === undefined ? '' : `; ${change.before.digest} still verifies, until it is taken out of the file`}`,
      };
  }
}

function lastStep(steps: readonly BootstrapStep[], platform: Platform): readonly BootstrapStep[] {
  if (steps.some(({ state }) => state === 'refused' || state === 'to-do')) {
    return [];
  }
  const written = steps.some(({ state }) => state === 'written');
  return written
    ? [
        {
          name: 'next',
          state: 'next',
          message: `commit platform.yaml and keys/, have them reviewed, then npx cdk deploy --all (${platform.name}-platform carries them to the pipelines)`,
        },
      ]
    : [];
}
