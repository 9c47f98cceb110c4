import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Aws, type BootstrapInput, bootstrap } from '../../lib/bootstrap';
import { findTrailGap, type Selector, type Trail } from '../../lib/bootstrap/trail';
import { loadCatalog } from '../../lib/catalog';
import { toolboxContext } from '../../lib/pipeline';
import { parsePublicKeys, publicKeyDigest, silentReporter } from '../../lib/steps';

const example = join(__dirname, '..', '..', 'catalog');
const { tag } = toolboxContext(loadCatalog(example).platform.bases.builder);
const image = '111111111111.dkr.ecr.eu-west-1.amazonaws.com/acme/platform/toolbox';
const digest = `sha256:${'ab'.repeat(32)}`;
const pem = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ type: 'spki', format: 'pem' }) as string;
const nonproduction = pem();
const production = pem();

const all: Selector = { reads: true, writes: true, excludedSources: [] };
const trail = (changes: Partial<Trail> = {}): Trail => ({
  name: 'company',
  logging: true,
  selectors: [all],
  ...changes,
});

/** An account in which the first two stacks are deployed and the toolbox is built. */
function account(changes: Partial<Aws> = {}): Aws & { readonly builds: string[] } {
  const builds: string[] = [];
  const keys: Readonly<Record<string, string>> = {
    'alias/acme-nonproduction': nonproduction,
    'alias/acme-production': production,
  };
  return {
    builds,
    account: async () => '111111111111',
    trails: async () => [trail()],
    bootstrapVersion: async () => 30,
    toolboxImage: async () => `${image}:${tag}`,
    digestOf: async () => digest,
    startBuild: async (project) => {
      builds.push(project);
      return 'acme-toolbox:1';
    },
    build: async () => ({ status: 'SUCCEEDED', phase: 'COMPLETED' }),
    publicKey: async (alias) => keys[alias],
    ...changes,
  };
}

let catalog: string;
beforeEach(() => {
  catalog = mkdtempSync(join(tmpdir(), 'bowline-catalog-'));
  cpSync(example, catalog, { recursive: true });
});
afterEach(() => rmSync(catalog, { recursive: true, force: true }));

const run = (aws: Aws, changes: Partial<BootstrapInput> = {}) =>
  bootstrap({
    catalog,
    aws,
    rotate: false,
    reporter: silentReporter,
    now: new Date('2026-11-24T15:00:00Z'),
    pollSeconds: 0,
    ...changes,
  });
const states = (steps: Awaited<ReturnType<typeof bootstrap>>) => steps.map(({ name, state }) => `${name}: ${state}`);
const file = (...path: readonly string[]) => join(catalog, ...path);

describe('bootstrap', () => {
  test('writes the digest and the public keys, and nothing on the second run', async () => {
    expect(states(await run(account()))).toEqual([
      'account: done',
      'trail: done',
      'CDK: done',
      'toolbox: written',
      'key of nonproduction: written',
      'key of production: written',
      'next: next',
    ]);
    expect(loadCatalog(catalog).platform.toolbox).toBe(`${image}@${digest}`);
    expect(readFileSync(file('keys', 'production.pub'), 'utf8')).toBe(
      `# signs since 2026-11-24: ${publicKeyDigest(production)}\n${production}`,
    );
    const before = ['platform.yaml', 'keys/production.pub'].map((path) => readFileSync(file(path), 'utf8'));
    expect(states(await run(account()))).toEqual([
      'account: done',
      'trail: done',
      'CDK: done',
      'toolbox: done',
      'key of nonproduction: done',
      'key of production: done',
    ]);
    expect(['platform.yaml', 'keys/production.pub'].map((path) => readFileSync(file(path), 'utf8'))).toEqual(before);
  });

  test('in an empty account, lists all commands in order and writes nothing', async () => {
    const nothing = async () => undefined;
    const empty = account({ bootstrapVersion: nothing, toolboxImage: nothing, digestOf: nothing, publicKey: nothing });
    const steps = await run(empty);
    expect(steps.filter(({ state }) => state === 'to-do').map(({ message }) => message.split(' (')[0])).toEqual([
      expect.stringContaining('npx cdk bootstrap aws://111111111111/eu-west-1 --cloudformation-execution-policies'),
      "npx cdk deploy '*/Toolbox'",
      "npx cdk deploy '*/Keys'",
      "npx cdk deploy '*/Keys'",
    ]);
    expect(empty.builds).toEqual([]);
    expect(existsSync(file('keys'))).toBe(false);
    expect(readFileSync(file('platform.yaml'), 'utf8')).toBe(readFileSync(join(example, 'platform.yaml'), 'utf8'));
  });

  test('requires a trail for the tamper alarms, and says what it lacks', async () => {
    const aws = account({ trails: async () => [trail({ selectors: [{ ...all, reads: false }] })] });
    const steps = await run(aws);
    expect(states(steps)).toContain('trail: to-do');
    expect(steps.find(({ name }) => name === 'trail')?.message).toMatch(
      /^the trail company does not record both read and write .*raises no alarm/,
    );
  });

  test('makes no further calls in another account', async () => {
    const other = account({
      account: async () => '999999999999',
      toolboxImage: () => Promise.reject(new Error('unexpected call')),
    });
    await expect(run(other)).rejects.toMatchObject({ code: 'other-account', exitCode: 3 });
  });

  test('builds the toolbox once and waits for it', async () => {
    const statuses = ['IN_PROGRESS', 'IN_PROGRESS', 'SUCCEEDED'];
    let isBuilt = false;
    const aws = account({
      digestOf: async () => (isBuilt ? digest : undefined),
      build: async () => {
        const status = statuses.shift() ?? 'SUCCEEDED';
        isBuilt = status === 'SUCCEEDED';
        return { status, phase: 'BUILD' };
      },
    });
    expect(states(await run(aws))).toContain('toolbox: written');
    expect(aws.builds).toEqual(['acme-toolbox']);
  });

  test('a failed toolbox build is inconclusive, and the error names its log', async () => {
    const aws = account({
      digestOf: async () => undefined,
      build: async () => ({ status: 'FAILED', phase: 'BUILD', log: 'https://console/log' }),
    });
    await expect(run(aws)).rejects.toMatchObject({
      code: 'toolbox-failed',
      exitCode: 1,
      message: expect.stringContaining('https://console/log'),
    });
  });

  test('a successful build that pushes no image is inconclusive', async () => {
    await expect(run(account({ digestOf: async () => undefined }))).rejects.toMatchObject({ code: 'toolbox-failed' });
  });

  test('does not accept a toolbox with other pins: the stack must be deployed first', async () => {
    const aws = account({ toolboxImage: async () => `${image}:pins-0000000000000000` });
    const steps = await run(aws);
    expect(states(steps)).toContain('toolbox: to-do');
    expect(loadCatalog(catalog).platform.toolbox).toBeUndefined();
    expect(aws.builds).toEqual([]);
  });

  test('does not change a toolbox that Bowline did not build', async () => {
    const own = `registry.example/tools@${digest}`;
    writeFileSync(file('platform.yaml'), `${readFileSync(file('platform.yaml'), 'utf8')}toolbox: ${own}\n`);
    expect(states(await run(account({ toolboxImage: async () => undefined })))).toContain('toolbox: done');
    expect(loadCatalog(catalog).platform.toolbox).toBe(own);
  });

  describe('if the key of an alias changed', () => {
    const replaced = pem();
    const rotated = () =>
      account({ publicKey: async (alias) => (alias === 'alias/acme-production' ? replaced : nonproduction) });
    const keys = () =>
      parsePublicKeys(readFileSync(file('keys', 'production.pub'), 'utf8'), 'x').map(({ digest }) => digest);
    beforeEach(async () => {
      await run(account());
    });

    test('refuses and does not change the file', async () => {
      const steps = await run(rotated());
      expect(states(steps)).toContain('key of production: refused');
      expect(steps.find(({ state }) => state === 'refused')?.message).toContain(publicKeyDigest(replaced));
      expect(keys()).toEqual([publicKeyDigest(production)]);
    });

    test('with --rotate, puts the new key first and keeps the older one', async () => {
      expect(states(await run(rotated(), { rotate: true }))).toContain('key of production: written');
      expect(keys()).toEqual([publicKeyDigest(replaced), publicKeyDigest(production)]);
      expect(states(await run(rotated(), { rotate: true }))).toContain('key of production: done');
      expect(keys()).toHaveLength(2);
    });

    test('refuses an alias that points to the older key again', async () => {
      await run(rotated(), { rotate: true });
      expect(states(await run(account()))).toContain('key of production: refused');
    });
  });

  test('an invalid key file is an error and is not overwritten', async () => {
    await run(account());
    writeFileSync(file('keys', 'production.pub'), 'oops\n');
    await expect(run(account(), { rotate: true })).rejects.toMatchObject({ code: 'bad-public-key', exitCode: 3 });
    expect(readFileSync(file('keys', 'production.pub'), 'utf8')).toBe('oops\n');
  });
});

describe('a trail', () => {
  test.each<[string, readonly Trail[], string | undefined]>([
    ['of all management events', [trail()], undefined],
    ['of an organization whose settings cannot be read', [{ name: 'company', logging: true }], undefined],
    ['in addition to one that is not logging', [trail({ logging: false }), trail()], undefined],
    ['that does not exist', [], 'no CloudTrail trail exists'],
    ['that is not logging', [trail({ logging: false })], 'is not logging'],
    ['that records only write events', [trail({ selectors: [{ ...all, reads: false }] })], 'read and write'],
    [
      'without the events of KMS',
      [trail({ selectors: [{ ...all, excludedSources: ['kms.amazonaws.com'] }] })],
      'of KMS',
    ],
    ['of data events only', [trail({ selectors: [] })], 'read and write'],
  ])('%s is checked', (_, trails, gap) => {
    if (gap === undefined) {
      expect(findTrailGap(trails)).toBeUndefined();
    } else {
      expect(findTrailGap(trails)).toContain(gap);
    }
  });
});
