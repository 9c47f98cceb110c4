import { generateKeyPairSync } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Aws, type BootstrapInput, bootstrap } from '../../lib/bootstrap';
import { type Selector, type Trail, findTrailGap } from '../../lib/bootstrap/trail';
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

/** An account where the first two stacks are deployed and the toolbox is made. */
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
  test('writes the digest and the public keys, and the second time nothing', async () => {
    expect(states(await run(account()))).toEqual([
      'account: there',
      'trail: there',
      'CDK: there',
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
      'account: there',
      'trail: there',
      'CDK: there',
      'toolbox: there',
      'key of nonproduction: there',
      'key of production: there',
    ]);
    expect(['platform.yaml', 'keys/production.pub'].map((path) => readFileSync(file(path), 'utf8'))).toEqual(before);
  });

  test('in an empty account says each command, in order, and writes nothing', async () => {
    const nothing = async () => undefined;
    const empty = account({ bootstrapVersion: nothing, toolboxImage: nothing, digestOf: nothing, publicKey: nothing });
    const steps = await run(empty);
    expect(steps.filter(({ state }) => state === 'to-do').map(({ message }) => message.split(' (')[0])).toEqual([
      expect.stringContaining('npx cdk bootstrap aws://111111111111/eu-west-1 --cloudformation-execution-policies'),
      'npx cdk deploy acme-toolbox',
      'npx cdk deploy acme-keys',
      'npx cdk deploy acme-keys',
    ]);
    expect(empty.builds).toEqual([]);
    expect(existsSync(file('keys'))).toBe(false);
    expect(readFileSync(file('platform.yaml'), 'utf8')).toBe(readFileSync(join(example, 'platform.yaml'), 'utf8'));
  });

  test('asks for a trail, without which nobody is told of a touched key, and says what is missing of it', async () => {
    const aws = account({ trails: async () => [trail({ selectors: [{ ...all, reads: false }] })] });
    const steps = await run(aws);
    expect(states(steps)).toContain('trail: to-do');
    expect(steps.find(({ name }) => name === 'trail')?.message).toMatch(
      /^the trail company does not record both reading and writing .*nobody is told/,
    );
  });

  test('looks at nothing in another account', async () => {
    const other = account({
      account: async () => '999999999999',
      toolboxImage: () => Promise.reject(new Error('looked')),
    });
    await expect(run(other)).rejects.toMatchObject({ code: 'other-account', exitCode: 3 });
  });

  test('has the toolbox made once, and waits for it', async () => {
    const answers = ['IN_PROGRESS', 'IN_PROGRESS', 'SUCCEEDED'];
    let made = false;
    const aws = account({
      digestOf: async () => (made ? digest : undefined),
      build: async () => {
        const status = answers.shift() ?? 'SUCCEEDED';
        made = status === 'SUCCEEDED';
        return { status, phase: 'BUILD' };
      },
    });
    expect(states(await run(aws))).toContain('toolbox: written');
    expect(aws.builds).toEqual(['acme-toolbox']);
  });

  test('a toolbox that could not be made is trouble, and names its log', async () => {
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

  test('a build that ends well and pushes nothing is trouble, too', async () => {
    await expect(run(account({ digestOf: async () => undefined }))).rejects.toMatchObject({ code: 'toolbox-failed' });
  });

  test('does not take the toolbox of other pins for this one: the stack has to be deployed first', async () => {
    const aws = account({ toolboxImage: async () => `${image}:pins-0000000000000000` });
    const steps = await run(aws);
    expect(states(steps)).toContain('toolbox: to-do');
    expect(loadCatalog(catalog).platform.toolbox).toBeUndefined();
    expect(aws.builds).toEqual([]);
  });

  test("leaves a toolbox that is the platform's own", async () => {
    const own = `registry.example/tools@${digest}`;
    writeFileSync(file('platform.yaml'), `${readFileSync(file('platform.yaml'), 'utf8')}toolbox: ${own}\n`);
    expect(states(await run(account({ toolboxImage: async () => undefined })))).toContain('toolbox: there');
    expect(loadCatalog(catalog).platform.toolbox).toBe(own);
  });

  describe('when the key behind an alias is another', () => {
    const replaced = pem();
    const rotated = () =>
      account({ publicKey: async (alias) => (alias === 'alias/acme-production' ? replaced : nonproduction) });
    const keys = () =>
      parsePublicKeys(readFileSync(file('keys', 'production.pub'), 'utf8'), 'x').map(({ digest }) => digest);
    beforeEach(async () => {
      await run(account());
    });

    test('refuses, and leaves the file as it is', async () => {
      const steps = await run(rotated());
      expect(states(steps)).toContain('key of production: refused');
      expect(steps.find(({ state }) => state === 'refused')?.message).toContain(publicKeyDigest(replaced));
      expect(keys()).toEqual([publicKeyDigest(production)]);
    });

    test('with --rotate puts the new key on top, and keeps the older: both verify', async () => {
      expect(states(await run(rotated(), { rotate: true }))).toContain('key of production: written');
      expect(keys()).toEqual([publicKeyDigest(replaced), publicKeyDigest(production)]);
      expect(states(await run(rotated(), { rotate: true }))).toContain('key of production: there');
      expect(keys()).toHaveLength(2);
    });

    test('an alias that leads back to the older key is refused as well', async () => {
      await run(rotated(), { rotate: true });
      expect(states(await run(account()))).toContain('key of production: refused');
    });
  });

  test('a file that is no key stops, instead of being written over', async () => {
    await run(account());
    writeFileSync(file('keys', 'production.pub'), 'oops\n');
    await expect(run(account(), { rotate: true })).rejects.toMatchObject({ code: 'bad-public-key', exitCode: 3 });
    expect(readFileSync(file('keys', 'production.pub'), 'utf8')).toBe('oops\n');
  });
});

describe('a trail', () => {
  test.each<[string, readonly Trail[], string | undefined]>([
    ['of all management events', [trail()], undefined],
    ['of an organisation, that does not say what it records', [{ name: 'company', logging: true }], undefined],
    ['beside one that is off', [trail({ logging: false }), trail()], undefined],
    ['that is not there', [], 'there is no trail'],
    ['that is off', [trail({ logging: false })], 'is switched off'],
    ['that only records what writes', [trail({ selectors: [{ ...all, reads: false }] })], 'reading and writing'],
    [
      'without the events of KMS',
      [trail({ selectors: [{ ...all, excludedSources: ['kms.amazonaws.com'] }] })],
      'of KMS',
    ],
    ['of data events alone', [trail({ selectors: [] })], 'reading and writing'],
  ])('%s is judged', (_, trails, gap) => {
    if (gap === undefined) {
      expect(findTrailGap(trails)).toBeUndefined();
    } else {
      expect(findTrailGap(trails)).toContain(gap);
    }
  });
});
