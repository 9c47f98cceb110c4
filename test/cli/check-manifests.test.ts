import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { validManifests, validManifestsWith } from '../charts/rules/valid-manifests';
import { snippetsOf } from '../docs/snippets';

const root = join(__dirname, '..', '..');
const scratch = mkdtempSync(join(tmpdir(), 'bowline-check-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

let trees = 0;
/** Writes a tree of files and runs `bowline check manifests` in its folder. */
function check(files: Readonly<Record<string, string | Uint8Array>>, ...words: readonly string[]) {
  const folder = join(scratch, `tree-${++trees}`);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  mkdirSync(folder, { recursive: true });
  return {
    folder,
    ...spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), 'check', 'manifests', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    }),
  };
}

test('valid manifests pass', () => {
  const { status, stdout, stderr } = check({ 'shop/all.yaml': validManifests }, 'shop');
  expect({ status, stdout, stderr }).toEqual({
    status: 0,
    stdout: '',
    stderr: 'shop: 4 objects in 1 file: 0 errors, 0 warnings\n',
  });
});

test('the example in docs/how-to/check-manifests.md gets the answer that the page shows', () => {
  const snippets = snippetsOf(root, 'docs/how-to/check-manifests.md');
  const canary = snippets.find(({ text }) => text.startsWith('# web/canary.yaml'))?.text ?? '';
  const answer = snippets.find(({ language }) => language === 'text')?.text ?? '';
  const { status, stderr } = check({ 'web/canary.yaml': canary }, 'web');
  expect(stderr.trim()).toBe(answer.trim());
  expect(status).toBe(2);
});

test('an error exits with 2, and --json gives its place and rule', () => {
  const { status, stdout } = check({ 'all.yaml': validManifestsWith('interval: 10s', 'interval: 5s') }, '.', '--json');
  expect(status).toBe(2);
  expect(JSON.parse(stdout)).toMatchObject({
    ok: false,
    files: 1,
    objects: 4,
    findings: [{ rule: 'PD002', level: 'error', file: 'all.yaml', place: { line: 18, column: 15 } }],
    unreadable: [],
  });
});

test('an accepted error passes and is reported with its reason', () => {
  const accepted = validManifestsWith('interval: 10s', 'interval: 5s').replace(
    '  annotations:\n',
    '  annotations:\n    bowline.dev/accept: "PD002: an example"\n',
  );
  const { status, stderr } = check({ 'all.yaml': accepted }, '.');
  expect(status).toBe(0);
  expect(stderr).toContain('all.yaml:19:15: accepted PD002 Canary shop/web: an example');
});

test('--sarif writes the findings as a complete SARIF file', () => {
  const { folder, status } = check(
    { 'all.yaml': validManifestsWith('interval: 10s', 'interval: 5s') },
    '.',
    '--sarif',
    'out/f.sarif',
  );
  expect(status).toBe(2);
  expect(JSON.parse(readFileSync(join(folder, 'out', 'f.sarif'), 'utf8')).runs[0].results).toHaveLength(1);
});

test('a file that cannot be parsed makes the result inconclusive', () => {
  const broken = 'apiVersion: v1\nkind: Service\nmetadata: { name: [\n';
  const { status, stderr } = check({ 'broken.yaml': broken, 'all.yaml': validManifests }, '.');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^broken\.yaml:\d+:\d+: unreadable /m);
});

test('a broken MetricTemplate is not taken for a Helm template, although it contains braces', () => {
  const { status, stderr } = check(
    { 'all.yaml': validManifests.replace('provider: { type: prometheus,', 'provider: [ type: {') },
    '.',
  );
  expect(status).toBe(1);
  expect(stderr).toMatch(/^all\.yaml:\d+:\d+: unreadable /m);
});

test('a broken file whose kinds are indented is reported', () => {
  const list = 'apiVersion: v1\nitems:\n  - apiVersion: v1\n    kind: Service\n    metadata: { name: [\n';
  expect(check({ 'list.yaml': list, 'all.yaml': validManifests }, '.').status).toBe(1);
});

test('Helm templates are skipped, recognized by their content or by their chart', () => {
  const template = 'apiVersion: v1\nkind: Service\nmetadata:\n  {{- if .Values.x }}\n  name: x\n';
  const strange = 'apiVersion: v1\nkind: Service\nmetadata: { name: {{ template_of_ours }\n';
  const { status, stderr } = check(
    {
      'somewhere/service.yaml': template,
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'charts/web/templates/tests/service.yaml': strange,
      'all.yaml': validManifests,
    },
    '.',
  );
  expect(stderr).toContain('skipped: 2 Helm templates');
  expect(status).toBe(0);
  expect(check({ 'charts/web/service.yaml': strange, 'all.yaml': validManifests }, '.').status).toBe(1);
});

test.each([
  ['a missing folder', ['nowhere'], 'no such file or folder: nowhere'],
  ['a folder without YAML', ['.'], 'no YAML file below .'],
])('%s is bad input', (_, words, message) => {
  const { status, stderr } = check({}, ...words);
  expect(status).toBe(3);
  expect(stderr).toContain(message);
});

test('a missing path is a usage error', () => {
  const { status, stderr } = check({}, '--sarif', 'x');
  expect(status).toBe(64);
  expect(stderr).toContain("missing required argument 'path'");
});

test('hidden folders and node_modules are skipped', () => {
  const bad = validManifestsWith('interval: 10s', 'interval: 5s');
  const { status } = check({ 'all.yaml': validManifests, '.git/x.yaml': bad, 'node_modules/p/x.yaml': bad }, '.');
  expect(status).toBe(0);
});

test('a template of a chart that happens to be valid YAML is skipped too', () => {
  const { status, stderr } = check(
    {
      'charts/web/Chart.yaml': 'apiVersion: v2\nname: web\nversion: 1.0.0\n',
      'charts/web/templates/service.yaml':
        'apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  ports: [{ port: {{ .Values.port }} }]\n',
      'all.yaml': validManifests,
    },
    '.',
  );
  expect(stderr).toContain('skipped: 1 Helm template');
  expect(status).toBe(0);
});

test('Kustomize patches are skipped and counted, with what to do', () => {
  const patch =
    'apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: { name: web, namespace: shop }\nspec: { analysis: { threshold: 9 } }\n';
  const { status, stderr, stdout } = check(
    {
      'base/all.yaml': validManifests,
      'base/kustomization.yaml': 'resources: [all.yaml]\n',
      'overlays/prod/canary.yaml': patch,
      'overlays/prod/kustomization.yaml': 'resources: [../../base]\npatches: [{ path: canary.yaml }]\n',
    },
    '.',
    '--json',
  );
  expect(stderr).toContain(
    'skipped: 1 Kustomize patch or component file, parts of objects until built: kubectl kustomize (overlays/prod/canary.yaml)',
  );
  expect(JSON.parse(stdout)).toMatchObject({ ok: true, findings: [], patches: ['overlays/prod/canary.yaml'] });
  expect(status).toBe(0);
});

test('Rollouts of Argo Rollouts are named as not judged', () => {
  const rollout =
    'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: { name: cart, namespace: shop }\nspec: {}\n';
  const { status, stderr, stdout } = check({ 'rollout.yaml': rollout, 'all.yaml': validManifests }, '.', '--json');
  expect(status).toBe(0);
  expect(stderr).toContain('not judged: 1 Rollout of Argo Rollouts (rollout.yaml)');
  expect(JSON.parse(stdout).notJudged).toEqual([
    { file: 'rollout.yaml', kind: 'Rollout', namespace: 'shop', name: 'cart' },
  ]);
});

test.each([
  ['UTF-16, little-endian', Buffer.from(`\ufeff${validManifests}`, 'utf16le'), 'UTF-16'],
  ['UTF-16, big-endian', Buffer.from(`\ufeff${validManifests}`, 'utf16le').swap16(), 'UTF-16'],
  ['UTF-16 without a byte order mark', Buffer.from(validManifests, 'utf16le'), 'save it as UTF-8'],
  ['an archive', Buffer.from([0x1f, 0x8b, 8, 0, 0, 0]), 'save it as UTF-8'],
  ['Latin-1', Buffer.from('kind: Caf\u00e9\n', 'latin1'), 'save it as UTF-8'],
  ['a message', Buffer.from('error: not logged in'.replace(':', ';')), 'only text'],
])('a file that is %s is bad input, and the others are judged', (_, content, message) => {
  const { status, stderr } = check({ 'bad.yaml': content, 'all.yaml': validManifests }, '.');
  expect(status).toBe(3);
  expect(stderr).toMatch(/^bad\.yaml:1:1: unreadable /m);
  expect(stderr).toContain(message);
  expect(stderr).toContain('4 objects in 2 files: 0 errors, 0 warnings, 1 unreadable');
});

test('a byte order mark of UTF-8, an empty file and YAML that is no object are passed over', () => {
  const { status, stderr } = check(
    {
      'all.yaml': `\ufeff${validManifests}`,
      'empty.yaml': '# later\n',
      'values.yaml': 'replicas: 2\n',
      'list.yaml': '- 1\n',
    },
    '.',
  );
  expect(stderr).toBe('.: 4 objects in 4 files: 0 errors, 0 warnings\n');
  expect(status).toBe(0);
});

test('an alias that contains itself is an error with its line, and the others are judged', () => {
  const endless = 'apiVersion: v1\nkind: Service\nmetadata: &m\n  name: x\n  self: *m\n';
  const { status, stderr } = check({ 'endless.yaml': endless, 'all.yaml': validManifests }, '.');
  expect(status).toBe(1);
  expect(stderr).toMatch(/^endless\.yaml:5:9: unreadable \*m contains itself/m);
  expect(stderr).toContain('4 objects in 2 files');
});
