import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { secondOpinion } from '../proof/judge/second-opinion';
import { distinct, generalize } from '../proof/rights/rights';
import { callAws, queryAws } from './aws-calls';
import { type DeployedBench, openDeployedBench } from './local-aws';

jest.setTimeout(1_800_000);

let bench: DeployedBench;

beforeAll(async () => {
  bench = await openDeployedBench();
});

afterAll(() => bench?.dispose());

const account = '111111111111';
const region = 'eu-west-1';
const git = (...words: string[]) =>
  execFileSync('git', ['-C', bench.deployment.machine.ledger, ...words], { encoding: 'utf8' }).trim();
const pipelines = async () => {
  const { pipelines } = (await callAws(bench, 'codepipeline', 'CodePipeline_20150709.ListPipelines', {})) as {
    pipelines: { name: string }[];
  };
  return pipelines.map(({ name }) => name).sort();
};

test('a pipeline that is not deployed is bad input, and an endpoint that does not respond is inconclusive', async () => {
  await expect(bench.execute('shop')).rejects.toThrow(expect.objectContaining({ code: 'input' }));
  await expect(bench.execute('shop')).rejects.toThrow('has no pipeline acme-shop in account 111111111111');
  await expect(bench.execute('shop', 'http://localhost:1')).rejects.toMatchObject({ code: 'no-aws', exitCode: 1 });
  await expect(bench.execute('shop', 'http://localhost:1')).rejects.toThrow(
    expect.objectContaining({ code: 'no-aws' }),
  );
});

test('the CDK command line bootstraps and deploys, and then reports no difference', async () => {
  expect(await bench.cdk('bootstrap', `aws://${account}/${region}`)).toMatchObject({ exitCode: 0 });
  expect(await bench.cdk('deploy', '--all', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  expect(await pipelines()).toEqual(['acme-shop', 'acme-vulnerable', 'acme.rescan']);
  const difference = await bench.cdk('diff', '--all', '--fail');
  expect(difference).toMatchObject({ exitCode: 0 });
  expect(difference.stdout + difference.stderr).toContain('Number of stacks with differences: 0');
});

const removedRights = [
  ['ecr:PutImage', 'acme-shop-build', 'Build/Build'],
  ['kms:Sign', 'acme-sign', 'PromoteDev/SignNonproduction'],
] as const;

test.each(removedRights)(
  'without %s of %s, the run fails at %s with the name of the right',
  async (action, role, failing) => {
    const { failed } = await bench.proof.without(role, action, () => bench.execute('shop'));
    expect(failed?.action).toBe(failing);
    expect(failed?.log).toContain(`is not authorized to perform: ${action}`);
  },
);

test('a deployed pipeline builds, scans, signs and promotes', async () => {
  const result = await bench.execute('shop');
  expect(result).toMatchObject({ service: 'shop', changed: true, verdict: 'passed', signed: true });
  expect(Object.keys(result.promoted)).toEqual(['dev', 'prod']);
  expect(git('show', 'main:manifests/prod/shop/deployment.yaml')).toContain(`@${result.image?.digest}`);
  expect(bench.notes.join('\n')).toMatch(/✓ Read back .* acme-shop, version 1/);
});

test('a finding stops a deployed pipeline, and the ledger does not change', async () => {
  const result = await bench.execute('vulnerable');
  expect(result).toMatchObject({ verdict: 'blocked', signed: false, failed: { action: 'Scan/Scan', exitCode: 2 } });
  expect(git('ls-tree', '-r', '--name-only', 'main')).not.toContain('releases/dev/vulnerable.json');
});

test('the deployed rescan judges what was released, in two jobs', async () => {
  const { result, log } = await bench.rescan();
  expect(result.failed?.log).toBeUndefined();
  expect(result.actions.map(({ name, exitCode }) => `${name} ${exitCode}`)).toEqual([
    'Bowline 0',
    'Catalog 0',
    'Releases 0',
    'Rescan 0',
  ]);
  // Each class has a key of its own, so dev and prod are judged apart.
  for (const environment of ['dev', 'prod']) {
    expect(log).toMatch(new RegExp(`^passed +shop +${environment} `, 'm'));
  }
});

test('an update changes the deployed project, which the next run executes', async () => {
  const file = join(bench.catalog, 'services', 'shop.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}timeout: 17m\n`);
  expect(await bench.cdk('deploy', '--all', '--require-approval', 'never')).toMatchObject({ exitCode: 0 });
  const project = async () => {
    const { projects } = (await callAws(bench, 'codebuild', 'CodeBuild_20161006.BatchGetProjects', {
      names: ['acme-shop-build'],
    })) as { projects: { timeoutInMinutes: number }[] };
    return projects[0]?.timeoutInMinutes;
  };
  expect(await project()).toBe(17);
  // The build timeout is not part of a manifest, so the run changes nothing.
  expect(await bench.execute('shop')).toMatchObject({ changed: false, verdict: 'passed', signed: true });
  // The image is the same, so the signed scan is used again.
  expect(readFileSync(bench.logOf('shop', 'Scan-Scan'), 'utf8')).toContain('is used again');
});

test('a run executes a buildspec that was changed on AWS: after a failed phase, its finally and post_build run', async () => {
  const template = JSON.parse(templateOf('acme-service-shop')) as {
    Resources: Record<string, { Type: string; Properties: { Name?: string; Source?: { BuildSpec: string } } }>;
  };
  const project = Object.values(template.Resources).find(
    ({ Type, Properties }) => Type === 'AWS::CodeBuild::Project' && Properties.Name === 'acme-shop-build',
  );
  const lines = ['ran: finally', 'ran: post_build'];
  (project?.Properties.Source as { BuildSpec: string }).BuildSpec = JSON.stringify({
    version: '0.2',
    phases: {
      build: { commands: ['exit_with() { return 7; }', 'exit_with', 'echo ran: never'], finally: [`echo ${lines[0]}`] },
      post_build: { commands: [`echo ${lines[1]}`] },
    },
  });
  await queryAws(bench, 'cloudformation', {
    Action: 'UpdateStack',
    StackName: 'acme-service-shop',
    TemplateBody: JSON.stringify(template),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
  });
  const { failed } = await bench.execute('shop');
  expect(failed).toMatchObject({ action: 'Build/Build', exitCode: 7 });
  expect(failed?.log.split('\n').filter((line) => line.startsWith('ran:'))).toEqual(lines);
});

/** The template of a stack from the last synth. */
function templateOf(stack: string): string {
  const manifest = JSON.parse(readFileSync(join(bench.assembly, 'manifest.json'), 'utf8')) as {
    artifacts: Record<string, { properties?: { templateFile?: string; stackName?: string } }>;
  };
  const found = Object.values(manifest.artifacts).find(({ properties }) => properties?.stackName === stack);
  return readFileSync(join(bench.assembly, found?.properties?.templateFile ?? ''), 'utf8');
}

test('destroying the stack of a service keeps the other services, and the images and evidence of the service', async () => {
  expect(await bench.cdk('destroy', 'Bowline/vulnerable', '--force')).toMatchObject({ exitCode: 0 });
  rmSync(join(bench.catalog, 'services', 'vulnerable.yaml'));
  expect(await pipelines()).toEqual(['acme-shop', 'acme.rescan']);
  expect(await repositories()).toEqual(expect.arrayContaining(['acme/vulnerable', 'acme/signatures/vulnerable']));
});

test('destroying all stacks removes the pipelines, and keeps images, evidence and keys', async () => {
  expect(await bench.cdk('destroy', '--all', '--force')).toMatchObject({ exitCode: 0 });
  expect(await pipelines()).toEqual([]);
  expect(await repositories()).toEqual(expect.arrayContaining(['acme/shop', 'acme/signatures/shop']));
  expect(await repositories()).not.toContain('acme/cache/shop');
  const { Keys } = (await callAws(bench, 'kms', 'TrentService.ListKeys', {})) as { Keys: { KeyId: string }[] };
  const states = await Promise.all(
    Keys.map(async ({ KeyId }) => {
      const { KeyMetadata } = (await callAws(bench, 'kms', 'TrentService.DescribeKey', { KeyId })) as {
        KeyMetadata: { KeyUsage: string; KeyState: string };
      };
      return KeyMetadata;
    }),
  );
  expect(states.filter(({ KeyUsage }) => KeyUsage === 'SIGN_VERIFY').map(({ KeyState }) => KeyState)).toEqual([
    'Enabled',
    'Enabled',
  ]);
});

async function repositories(): Promise<readonly string[]> {
  const { repositories } = (await callAws(
    bench,
    'ecr',
    'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
    {},
  )) as { repositories: { repositoryName: string }[] };
  return repositories.map(({ repositoryName }) => repositoryName);
}

describe('the calls of all jobs and of the CDK command line', () => {
  test('are known, and no call was denied but those whose right was removed', () => {
    const { calls, problems } = bench.proof.proxy.recorder;
    expect(problems).toEqual([]);
    const denied = calls.filter(({ decision }) => decision !== 'allowed').map(({ action }) => action);
    expect([...new Set(denied)].sort()).toEqual(removedRights.map(([action]) => action).sort());
  });

  test('are judged equally by the second opinion', async () => {
    const { calls } = bench.proof.proxy.recorder;
    const distinctCalls = new Map(calls.map((call) => [JSON.stringify(call), call]));
    expect(distinctCalls.size).toBeGreaterThan(50);
    const different: string[] = [];
    for (const call of distinctCalls.values()) {
      const opinion = await secondOpinion(call);
      if (opinion !== call.decision) {
        different.push(`${call.role} ${call.action} ${call.resource}: ${call.decision}, not ${opinion}`);
      }
    }
    expect(different).toEqual([]);
  });

  test('are those of test/proof/rights/recorded-calls.json, which the table of rights shows', () => {
    const own = bench.proof.proxy.recorder.calls
      .filter(({ role, decision }) => role.includes(':role/acme-') && decision === 'allowed')
      .map(({ role, action, resource, context }) =>
        generalize({ role: role.split('/').pop() ?? '', action, resource, ...decisiveContext(context) }, [
          'shop',
          'vulnerable',
        ]),
      );
    const text = `${JSON.stringify(distinct(own), null, 2)}\n`;
    const file = join(__dirname, '..', 'proof', 'rights', 'recorded-calls.json');
    if (process.env.BOWLINE_WRITE_GENERATED === '1') {
      writeFileSync(file, text);
    }
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(file, 'utf8')));
  });
});

/** The condition keys that policies here compare. */
function decisiveContext(context: Readonly<Record<string, string>>): {
  readonly context?: Readonly<Record<string, string>>;
} {
  const keys = ['kms:ResourceAliases', 'events:source', 'events:detail-type', 's3:if-none-match'].filter(
    (key) => context[key] !== undefined,
  );
  return keys.length === 0 ? {} : { context: Object.fromEntries(keys.map((key) => [key, context[key] as string])) };
}
