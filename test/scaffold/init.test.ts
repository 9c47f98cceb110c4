import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { toolPath } from '../../lib/tools';
import { install, manifestOf, root } from './packed';

const scratch = mkdtempSync(join(tmpdir(), 'bowline-init-'));
const platform = join(scratch, 'acme-platform');
const orders = join(scratch, 'orders');

interface ProcessResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runProgram(program: string, words: readonly string[], directory: string): ProcessResult {
  const { status, stdout, stderr } = spawnSync(program, words as string[], {
    cwd: directory,
    encoding: 'utf8',
    env: { ...process.env, CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' },
  });
  return { exitCode: status, stdout, stderr };
}
/** Runs the command line of this checkout. */
const bowline = (...words: readonly string[]) =>
  runProgram(process.execPath, [join(root, 'bin', 'bowline.mjs'), ...words], scratch);
/** Runs a program that is installed in the platform's repository. */
const installed = (program: string, ...words: readonly string[]) =>
  runProgram(join(platform, 'node_modules', '.bin', program), words, platform);
const read = (...path: readonly string[]) => readFileSync(join(...path), 'utf8');
const placeholder = /__[A-Z]/;

let answer: { readonly ok: boolean; readonly files: readonly string[]; readonly open: readonly { line: number }[] };

beforeAll(() => {
  const { exitCode, stdout, stderr } = bowline('init', platform, '--json');
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  answer = JSON.parse(stdout);
  install(platform, join(platform, 'vendor', `bowline-${(manifestOf(root) as { version: string }).version}.tgz`));
}, 300_000);

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('a repository of a platform team', () => {
  test('contains every file of a platform, without unresolved placeholders', () => {
    expect(answer.files).toEqual([
      '.github/workflows/check.yaml',
      '.gitignore',
      'README.md',
      'RUNBOOK.md',
      'bin/cdk.ts',
      'catalog/platform.yaml',
      'cdk.json',
      'cdk8s.yaml',
      'charts/main.ts',
      'package.json',
      'tsconfig.json',
      expect.stringMatching(/^vendor\/bowline-.+\.tgz$/),
    ]);
    for (const file of answer.files.filter((path) => !path.endsWith('.tgz'))) {
      expect(read(platform, file)).not.toMatch(placeholder);
    }
  });

  test('lists each assumed value by its line, and no value that was given', () => {
    const lines = read(platform, 'catalog', 'platform.yaml').split('\n');
    expect(answer.open.map(({ line }) => lines[line - 1])).toEqual(lines.filter((line) => line.includes('# REPLACE:')));
    expect(answer.open.length).toBeGreaterThan(3);
    const given = bowline(
      ...[
        'init',
        'given',
        '--json',
        '--bowline',
        '0.1.0',
        '--account',
        '123456789012',
        '--hostname',
        '{service}.acme.dev',
      ],
      ...['--ledger', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger'],
      ...[
        '--connection',
        'arn:aws:codeconnections:eu-west-1:123456789012:connection/6f1a2b3c-4d5e-4f60-8a7b-9c0d1e2f3a4b',
      ],
    );
    expect(JSON.parse(given.stdout)).toMatchObject({ ok: true, open: [] });
    const text = read(scratch, 'given', 'catalog', 'platform.yaml');
    expect(text).not.toContain('REPLACE');
    expect(parse(text)).toMatchObject({
      ledger: { credential: { kind: 'codecommit' } },
      pipeline: { account: '123456789012' },
    });
    expect(existsSync(join(scratch, 'given', 'vendor'))).toBe(false);
  });

  test('uses the versions, feature flags and base images that this checkout is tested with', () => {
    const ours = { ...manifestOf(root).dependencies, ...manifestOf(root).devDependencies };
    const { bowline: _, ...theirs } = manifestOf(platform).devDependencies ?? {};
    expect(theirs).toEqual(Object.fromEntries(Object.keys(theirs).map((name) => [name, ours[name]])));
    expect(JSON.parse(read(platform, 'cdk.json')).context).toEqual(JSON.parse(read(root, 'cdk.json')).context);
    expect(parse(read(platform, 'catalog', 'platform.yaml')).bases).toEqual(
      parse(read(root, 'catalog', 'platform.yaml')).bases,
    );
  });

  test('synthesizes without a service', () => {
    expect(installed('tsc', '--noEmit')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(installed('bowline', 'check', 'catalog', '--json')).toMatchObject({
      exitCode: 0,
      stdout: '{"ok":true,"problems":[]}\n',
    });
    expect(installed('cdk8s', 'synth', '--check-upgrade=false')).toMatchObject({ exitCode: 0 });
  });

  test('pins every action of its workflow by commit and grants no write permission', () => {
    const workflow = read(platform, '.github', 'workflows', 'check.yaml');
    const uses = [...workflow.matchAll(/uses: (\S+)/g)].map(([, action]) => action);
    expect(uses.length).toBeGreaterThan(1);
    for (const action of uses) {
      expect(action).toMatch(/@[0-9a-f]{40}$/);
    }
    expect(parse(workflow).permissions).toEqual({ contents: 'read' });
  });
});

describe('a folder or a value that init does not accept', () => {
  test.each([
    ['a folder that is not empty', ['acme-platform'], /is not empty/],
    ['a file', ['acme-platform/package.json'], /not a folder/],
    ['a name that AWS does not accept', ['other', '--name', 'Acme Platform'], /a lowercase name/],
    ['an account without twelve digits', ['other', '--account', '12'], /twelve digits/],
    ['a folder whose name gives no platform name', ['123'], /--name/],
  ])('%s exits with 3, and nothing is written', (_, words, reason) => {
    const before = readdirSync(scratch).sort();
    const { exitCode, stdout, stderr } = bowline('init', ...words, '--json', '--bowline', '0.1.0');
    expect({ exitCode, answer: JSON.parse(stdout) }).toMatchObject({ exitCode: 3, answer: { ok: false } });
    expect(stderr).toMatch(reason);
    expect(readdirSync(scratch).sort()).toEqual(before);
  });
});

describe('a new service', () => {
  beforeAll(() => {
    expect(installed('bowline', 'new', 'service', 'orders', '--code', orders)).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
  });

  test('passes the check and gets a pipeline and manifests in every environment', () => {
    expect(read(platform, 'catalog', 'services', 'orders.yaml')).not.toMatch(placeholder);
    expect(installed('bowline', 'check', 'catalog')).toMatchObject({ exitCode: 0 });
    expect(installed('cdk', 'synth', '--quiet', '--no-notices')).toMatchObject({ exitCode: 0 });
    const templates = readdirSync(join(platform, 'cdk.out')).filter((file) => /orders.*\.template\.json$/.test(file));
    expect(templates).toHaveLength(1);
    expect(installed('cdk8s', 'synth', '--check-upgrade=false')).toMatchObject({ exitCode: 0 });
    expect(readdirSync(join(platform, 'dist', 'manifests', 'platform', 'prod'))).toEqual(
      expect.arrayContaining(['bootstrap.yaml', 'namespaces.yaml', 'projects.yaml']),
    );
  });

  test('passes every check of templates and manifests that the workflow runs', () => {
    const workflow = read(platform, '.github', 'workflows', 'check.yaml');
    const checks = [...workflow.matchAll(/- run: npm run (check:\S+)/g)].map(([, script = '']) => script);
    expect(checks).toEqual(['check:templates', 'check:manifests']);
    expect(existsSync(join(platform, /-r (\S+\.txt)/.exec(workflow)?.[1] ?? ''))).toBe(true);
    const path = [dirname(toolPath('checkov')), process.env.PATH].join(':');
    for (const script of checks) {
      const { status, stdout, stderr } = spawnSync('npm', ['run', script], {
        cwd: platform,
        encoding: 'utf8',
        env: { ...process.env, PATH: path, LOG_LEVEL: 'ERROR' },
      });
      expect({ script, status, output: status === 0 ? '' : stdout + stderr }).toEqual({
        script,
        status: 0,
        output: '',
      });
    }
  });

  test('gets code that is formatted, vetted and tested', () => {
    const files = readdirSync(orders, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    for (const { parentPath, name } of files) {
      expect(read(parentPath, name)).not.toMatch(placeholder);
    }
    expect(runProgram('gofmt', ['-l', '.'], orders)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(runProgram('go', ['vet', './...'], orders)).toMatchObject({ exitCode: 0 });
    expect(runProgram('go', ['test', './...'], orders)).toMatchObject({ exitCode: 0 });
  }, 300_000);

  test('is not written twice, under an invalid name, or over existing code', () => {
    const before = readdirSync(join(platform, 'catalog', 'services'));
    const refused = (...words: readonly string[]) => installed('bowline', 'new', 'service', ...words);
    expect(refused('orders')).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('already has a service orders'),
    });
    expect(refused('Orders')).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('a lowercase name') });
    expect(refused('../x')).toMatchObject({ exitCode: 3 });
    expect(refused('shop', '--code', orders)).toMatchObject({
      exitCode: 3,
      stderr: expect.stringContaining('is not empty'),
    });
    expect(refused('shop', '--code', join(scratch, 'shop'), '--module', 'x y')).toMatchObject({ exitCode: 3 });
    expect(refused('shop', '--requests-per-second', '0.01')).toMatchObject({ exitCode: 3 });
    expect(readdirSync(join(platform, 'catalog', 'services'))).toEqual(before);
    expect(existsSync(join(scratch, 'shop'))).toBe(false);
  });
});
