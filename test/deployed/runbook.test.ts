import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderer } from '../../charts/render';
import { awsCall } from '../../lib/aws';
import { loadCatalog } from '../../lib/catalog';
import { runRelease } from '../../lib/local';
import { type LocalAws, startLocalAws } from '../../lib/local/deployed/start-local-aws';
import { writeLocalCatalog } from '../../lib/local/deployed/write-local-catalog';
import { toolboxContext } from '../../lib/pipeline';
import { platformNames } from '../../lib/pipeline/names';
import { type Outcome, run } from '../../lib/process';
import { readPublicKeys } from '../../lib/verify';
import { root, stateOf } from '../end-to-end/bench';
import { forgetReleases } from '../end-to-end/forget-releases';
import { install, manifestOf } from '../scaffold/packed';
import { type RunbookCommand, runbookCommands } from './runbook-steps';

jest.setTimeout(1_800_000);

const account = '111111111111';
const region = 'eu-west-1';
const stateDirectory = stateOf('runbook');
const scratch = mkdtempSync(join(tmpdir(), 'bowline-runbook-'));
/** Where the first command is given: `../acme-platform` is beside it. */
const checkout = join(scratch, 'bowline');
const platform = join(scratch, 'acme-platform');
const catalog = join(platform, 'catalog');
const reporter = { note: () => {}, progress: () => {}, end: () => {} };
const commands = runbookCommands(root);
const done: string[] = [];
let aws: LocalAws;
let ledger: string;

beforeAll(async () => {
  await forgetReleases(stateDirectory);
  rmSync(join(stateDirectory, 'aws'), { recursive: true, force: true });
  mkdirSync(checkout);
  aws = await startLocalAws({ stateDirectory, account, region });
});

afterAll(async () => {
  await aws?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

/** What a person does in a step besides its commands, before the command that begins with these words. */
const byHand: readonly { readonly step: number; readonly before?: string; readonly act: () => Promise<void> }[] = [
  { step: 3, act: createTrail },
  { step: 5, act: fillPlaceholders },
  { step: 6, before: 'npx bowline explain boundary --json', act: async () => nameBoundary() },
  { step: 7, before: 'npx bowline bootstrap', act: pushToolbox },
];

test('the runbook leads from an empty account to deployed pipelines, in its order, with three policies and a boundary', async () => {
  for (let step = 1; step <= 10; step++) {
    const ofStep = commands.filter((command) => command.step === step);
    for (const { act } of byHand.filter((each) => each.step === step && each.before === undefined)) {
      await act();
    }
    for (const command of ofStep) {
      const text = command.words.join(' ');
      for (const { act } of byHand.filter((each) => each.step === step && each.before === text)) {
        await act();
      }
      await perform(command);
      done.push(text);
    }
  }
  // What a person does belongs to a command that the page still has.
  for (const { before } of byHand) {
    expect([undefined, ...done]).toContain(before);
  }
  expect(done.length).toBeGreaterThan(15);
});

test('CloudFormation has the three policies that Bowline prints, and not administrator access', async () => {
  const role = `cdk-hnb659fds-cfn-exec-role-${account}-${region}`;
  const attached = await query('iam', { Action: 'ListAttachedRolePolicies', RoleName: role });
  expect([...attached.matchAll(/<PolicyName>([^<]+)</g)].map(([, name]) => name).sort()).toEqual([
    'acme-deployment-monitoring',
    'acme-deployment-releases',
    'acme-deployment-storage',
  ]);
});

test('every role that was deployed has the boundary', async () => {
  const roles = await query('iam', { Action: 'ListRoles', MaxItems: '1000' });
  const names = [...roles.matchAll(/<RoleName>([^<]+)</g)]
    .map(([, name = '']) => name)
    .filter((name) => name.startsWith('acme'));
  expect(names.length).toBeGreaterThan(8);
  const without = await Promise.all(
    names.map(async (name) => {
      const answer = await query('iam', { Action: 'GetRole', RoleName: name });
      return answer.includes(`arn:aws:iam::${account}:policy/acme-boundary`) ? [] : [name];
    }),
  );
  expect(without.flat()).toEqual([]);
});

test('bootstrap has nothing left to do, and the committed keys are those that sign', async () => {
  expect(await bowline('bootstrap')).toMatchObject({ exitCode: 0 });
  expect(git('status', '--porcelain', 'catalog/platform.yaml', 'catalog/keys')).toBe('');
  for (const environmentClass of platformNames(loadCatalog(catalog).platform).classes) {
    expect(readPublicKeys(join(catalog, 'keys', `${environmentClass}.pub`)).length).toBe(1);
  }
});

test('the first release runs through the deployed pipeline, and the ledger has it', async () => {
  // The service file that the runbook's command writes builds the package beside go.mod.
  const source = join(scratch, 'orders');
  cpSync(join(root, 'examples', 'hello'), source, { recursive: true });
  cpSync(join(source, 'cmd', 'hello'), source, { recursive: true });
  rmSync(join(source, 'cmd'), { recursive: true });
  const result = await runRelease({
    root,
    catalog,
    name: 'orders',
    source,
    stateDirectory,
    deployed: aws.endpoint,
    renderer,
    reporter,
  });
  expect(result).toMatchObject({ service: 'orders', verdict: 'passed', signed: true });
  expect(Object.keys(result.promoted)).toEqual(['dev', 'prod']);
  expect(inLedger('manifests/prod/orders/deployment.yaml')).toContain(`@${result.image?.digest}`);
});

/** Executes a command as the page has it. */
async function perform(command: RunbookCommand): Promise<void> {
  const [program = '', ...rest] = command.words;
  if (program === 'kubectl') {
    // The lab applies it to a cluster. Here the ledger must have it.
    expect(rest.slice(0, 2)).toEqual(['apply', '-f']);
    expect(inLedger(rest[2] ?? '')).toContain('kind: Application');
    return;
  }
  const outcome = await execute(program, rest);
  if (outcome.exitCode !== 0) {
    throw new Error(
      `line ${command.line} of the runbook, "${command.words.join(' ')}", ended with ${outcome.exitCode}:\n${outcome.stdout}\n${outcome.stderr}`,
    );
  }
  if (command.output !== undefined) {
    writeFileSync(join(platform, command.output), outcome.stdout);
  }
}

async function execute(
  program: string,
  words: readonly string[],
): Promise<Pick<Outcome, 'exitCode' | 'stdout' | 'stderr'>> {
  const [name = '', ...rest] = words;
  switch (program) {
    case 'npx':
      return name === 'bowline' ? bowline(...rest) : inPlatform(join('node_modules', '.bin', name), rest);
    case 'aws':
      return awsCommand(words);
    case 'git':
      return inPlatform('git', words);
    default:
      throw new Error(`the runbook runs ${program}, which this test does not know`);
  }
}

/** The command line of Bowline: of the checkout until there is a repository of the platform, then the one that is installed there. */
async function bowline(...words: readonly string[]): Promise<Outcome> {
  if (words[0] !== 'init') {
    return inPlatform(join('node_modules', '.bin', 'bowline'), words);
  }
  const outcome = await run({
    program: process.execPath,
    arguments: [join(root, 'bin', 'bowline.mjs'), ...words],
    directory: checkout,
    timeoutSeconds: 300,
  });
  if (outcome.exitCode === 0) {
    install(platform, join(platform, 'vendor', `bowline-${(manifestOf(root) as { version: string }).version}.tgz`));
    git('init', '--quiet');
  }
  return outcome;
}

function inPlatform(program: string, words: readonly string[]): Promise<Outcome> {
  return run({
    program: program === 'git' ? program : join(platform, program),
    arguments: words,
    directory: platform,
    environment: {
      ...process.env,
      ...aws.environment,
      // The CDK caches accounts in the home directory. The tools stay where they are.
      HOME: scratch,
      XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(process.env.HOME ?? '/root', '.cache'),
      // Without a terminal nobody can answer the question for approval.
      CDK_REQUIRE_APPROVAL: 'never',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: 'true',
      ...author,
    },
    timeoutSeconds: 900,
  });
}

const author = {
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.com',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.com',
};

/** `aws iam create-policy`, as the AWS command line sends it. */
async function awsCommand(words: readonly string[]): Promise<Outcome> {
  const [service, action, ...options] = words;
  expect([service, action]).toEqual(['iam', 'create-policy']);
  const optionValue = (name: string) => options[options.indexOf(name) + 1] ?? '';
  const text = readFileSync(join(platform, optionValue('--policy-document').replace(/^file:\/\//, '')), 'utf8');
  // IAM counts without white space.
  expect(JSON.stringify(JSON.parse(text)).length).toBeLessThanOrEqual(6144);
  const stdout = await query('iam', {
    Action: 'CreatePolicy',
    PolicyName: optionValue('--policy-name'),
    PolicyDocument: text,
  });
  return { exitCode: 0, stdout, stderr: '' } as Outcome;
}

/** The trail that an administrator creates in the console. */
async function createTrail(): Promise<void> {
  const constraint = `<CreateBucketConfiguration><LocationConstraint>${region}</LocationConstraint></CreateBucketConfiguration>`;
  await fetch(`${aws.endpoint}/company-trail`, { method: 'PUT', body: constraint });
  const target = 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101';
  await call('cloudtrail', `${target}.CreateTrail`, { Name: 'company', S3BucketName: 'company-trail' });
  await call('cloudtrail', `${target}.StartLogging`, { Name: 'company' });
  await call('cloudtrail', `${target}.PutEventSelectors`, {
    TrailName: 'company',
    EventSelectors: [{ ReadWriteType: 'All', IncludeManagementEvents: true }],
  });
}

/** Registry, ledger and bases of this machine in place of the placeholders: everything else stays as `init` has written it. */
async function fillPlaceholders(): Promise<void> {
  // The bases that a service needs are chosen with it.
  const service = join(catalog, 'services', 'orders.yaml');
  mkdirSync(join(catalog, 'services'), { recursive: true });
  writeFileSync(service, 'version: 1\nname: orders\nteam: orders\nsource: { repository: acme/orders }\n');
  const local = await writeLocalCatalog({ from: catalog, stateDirectory, aws: aws.endpoint, reporter });
  ledger = local.ledger;
  cpSync(join(local.directory, 'platform.yaml'), join(catalog, 'platform.yaml'));
  rmSync(service);
}

function nameBoundary(): void {
  const file = join(catalog, 'platform.yaml');
  const text = readFileSync(file, 'utf8');
  expect(text).toMatch(/^pipeline:$/m);
  writeFileSync(file, text.replace(/^pipeline:$/m, 'pipeline:\n  permissionsBoundary: acme-boundary'));
}

/** What the deployed project does in a quarter of an hour: it pushes the toolbox image. */
async function pushToolbox(): Promise<void> {
  const { platform: settings } = loadCatalog(catalog);
  const { tag } = toolboxContext(settings.bases.builder);
  await call('ecr', 'AmazonEC2ContainerRegistry_V20150921.PutImage', {
    repositoryName: platformNames(settings).toolbox.repository,
    imageTag: tag,
    imageManifest: JSON.stringify({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: { mediaType: 'application/vnd.oci.image.config.v1+json', digest: `sha256:${'1'.repeat(64)}`, size: 2 },
      layers: [],
    }),
  });
}

function call(service: string, target: string, input: object): Promise<unknown> {
  const credentials = async () => ({
    accessKeyId: aws.environment.AWS_ACCESS_KEY_ID ?? '',
    secretAccessKey: aws.environment.AWS_SECRET_ACCESS_KEY ?? '',
  });
  return awsCall({ endpoint: aws.endpoint, region, credentials }, { service, target, input });
}

async function query(service: string, fields: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(aws.endpoint, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${aws.environment.AWS_ACCESS_KEY_ID}/20200101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=0`,
    },
    body: new URLSearchParams({ Version: '2010-05-08', ...fields }).toString(),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${service} answered ${response.status}: ${text}`);
  }
  return text;
}

function git(...words: readonly string[]): string {
  return execFileSync('git', ['-C', platform, ...words], {
    encoding: 'utf8',
    env: { ...process.env, ...author },
  }).trim();
}

function inLedger(path: string): string {
  return execFileSync('git', ['-C', ledger, 'show', `main:${path}`], { encoding: 'utf8' });
}
