import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'bowline-synth-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** Runs what `cdk8s synth` runs, on the example catalog with one more setting of the service in prod. */
function synthesize(setting: string) {
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

test('reports violations of a rule without a stack trace, and exits with 3', () => {
  const { status, stderr } = synthesize(`GIT_COMMIT: ${'0f'.repeat(20)}`);
  expect(stderr).toMatch(/^ {2}PD014 Deployment hello\/hello: .*GIT_COMMIT: (?:0f){20} is a commit/m);
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(status).toBe(3);
});

test('reports a warning of a rule once, and exits with 0', () => {
  const { status, stderr } = synthesize(`KEY: ${'0f'.repeat(20)}`);
  expect(stderr.match(/^warning PD014 Deployment hello\/hello: /gm)).toHaveLength(1);
  expect(status).toBe(0);
});

test('accepts a date in a setting without a warning', () => {
  const { status, stderr } = synthesize('CUTOVER_AT: "2026-01-01T00:00:00Z"');
  expect(stderr).not.toContain('PD0');
  expect(status).toBe(0);
});
