import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'bowline-synth-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** What `cdk8s synth` runs, over the example whose service has one more setting in prod. */
function synth(setting: string) {
  const catalog = mkdtempSync(join(scratch, 'catalog-'));
  cpSync(join(root, 'catalog'), catalog, { recursive: true });
  const file = join(catalog, 'services', 'hello.yaml');
  writeFileSync(file, `${readFileSync(file, 'utf8')}environments: { prod: { settings: { ${setting} } } }\n`);
  return spawnSync(process.execPath, ['--import', 'tsx', join(root, 'charts', 'main.ts')], {
    cwd: root,
    encoding: 'utf8',
    env: {
      ...process.env,
      BOWLINE_CATALOG: catalog,
      BOWLINE_LEDGER_DIRECTORY: join(root, 'ledger'),
      CDK8S_OUTDIR: join(catalog, 'out'),
      NODE_OPTIONS: '',
    },
  });
}

test('what a rule refuses is said in sentences, and is bad input', () => {
  const { status, stderr } = synth(`GIT_COMMIT: ${'0f'.repeat(20)}`);
  expect(stderr).toMatch(/^ {2}PD014 Deployment hello\/hello: .*GIT_COMMIT: (?:0f){20} is a commit/m);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(status).toBe(3);
});

test('what a rule warns of is shown, once, and stops nothing', () => {
  const { status, stderr } = synth(`KEY: ${'0f'.repeat(20)}`);
  expect(stderr.match(/^warning PD014 Deployment hello\/hello: /gm)).toHaveLength(1);
  expect(status).toBe(0);
});

test('a day in a setting is nobody’s concern', () => {
  const { status, stderr } = synth('CUTOVER_AT: "2026-01-01T00:00:00Z"');
  expect(stderr).not.toContain('PD0');
  expect(status).toBe(0);
});
