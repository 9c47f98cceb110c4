import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mainFile } from '../scaffold/adopt/checkout';

const root = join(__dirname, '..', '..');
jest.setTimeout(900_000);

let scratch: string;
let catalog: string;
let checkout: string;

const source = mainFile(
  ['net/http', 'flag', 'github.com/prometheus/client_golang/prometheus'],
  [
    'flag.Int("port", 7070, "")',
    'http.Handle("/metrics", nil)',
    'http.HandleFunc("/healthz", ok)',
    'prometheus.NewCounterVec(prometheus.CounterOpts{Name: "shop_requests_total"}, []string{"status"})',
    'prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "shop_request_duration_seconds"}, nil)',
  ].join('\n\t'),
);

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'bowline-adopt-'));
  catalog = join(scratch, 'catalog');
  checkout = join(scratch, 'shop');
  mkdirSync(join(catalog, 'services'), { recursive: true });
  mkdirSync(checkout);
  cpSync(join(root, 'catalog', 'platform.yaml'), join(catalog, 'platform.yaml'));
  writeFileSync(join(checkout, 'go.mod'), 'module github.com/acme/shop/v2\n\ngo 1.26\n');
  writeFileSync(join(checkout, 'main.go'), source);
});

afterEach(() => rmSync(scratch, { recursive: true, force: true }));

function bowline(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'bin', 'bowline.mjs'), ...words], {
    encoding: 'utf8',
    cwd: scratch,
  });
  return { exitCode: status, stdout, stderr };
}
const adopt = (...words: readonly string[]) =>
  bowline('new', 'service', '--from', checkout, '--no-start', '--catalog', catalog, ...words);
const written = () => readdirSync(join(catalog, 'services'));
const fileOf = (name: string) => readFileSync(join(catalog, 'services', `${name}.yaml`), 'utf8');
const git = (...words: readonly string[]) => spawnSync('git', ['-C', checkout, ...words], { encoding: 'utf8' });

test('the file has what the source says, each with its place, and passes the check', () => {
  expect(adopt('--team', 'store')).toMatchObject({ exitCode: 0 });
  const text = fileOf('shop');
  expect(text).toContain('# go.mod:1 (module github.com/acme/shop/v2)\n');
  expect(text).toContain('source: { repository: acme/shop, branch: main }\n');
  expect(text).toContain('# main.go:11 (flag --port)\nport: 7070\n');
  expect(text).toContain('# main.go:13\nprobes: { ready: /healthz, live: /healthz }\n');
  expect(text).toContain(
    'metrics: { requests: shop_requests_total, duration: shop_request_duration_seconds, status: status }\n',
  );
  expect(bowline('check', 'catalog', '--catalog', catalog)).toMatchObject({ exitCode: 0 });
});

test('the repository and the branch are those of git, and a token in the remote is not written', () => {
  git('init', '--quiet', '--initial-branch', 'trunk');
  git('remote', 'add', 'origin', 'https://user:s3cret@github.com/store/shop.git');
  const { exitCode, stdout, stderr } = adopt('--json');
  expect({ exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({ exitCode: 0, stderr: '' });
  const text = fileOf('shop');
  expect(text).toContain('source: { repository: store/shop, branch: trunk }');
  expect(text).toContain('git remote origin, https://github.com/store/shop.git');
  expect(`${text}${stdout}${stderr}`).not.toContain('s3cret');
});

test('a module below the root of a repository gets its directory', () => {
  git('init', '--quiet');
  mkdirSync(join(checkout, 'examples', 'shop'), { recursive: true });
  for (const file of ['go.mod', 'main.go']) {
    cpSync(join(checkout, file), join(checkout, 'examples', 'shop', file));
    rmSync(join(checkout, file));
  }
  expect(adopt()).toMatchObject({ exitCode: 0 });
  expect(fileOf('shop')).toContain('directory: examples/shop');
  expect(fileOf('shop')).toContain('port: 7070');
});

test('what the source does not say is listed once, and the check refuses exactly those lines', () => {
  writeFileSync(join(checkout, 'main.go'), mainFile(['net/http'], 'http.ListenAndServe(":7071", nil)'));
  const { exitCode, stdout, stderr } = adopt('--json');
  expect(exitCode).toBe(0);
  const { open } = JSON.parse(stdout) as { open: readonly { line: number; field: string }[] };
  expect(open.map(({ field }) => field)).toEqual(['probes', 'metrics']);
  for (const { line, field } of open) {
    expect(stderr).toContain(`shop.yaml:${line} ${field}: `);
  }
  const check = bowline('check', 'catalog', '--catalog', catalog);
  expect(check.exitCode).toBe(3);
  const lines = [...`${check.stdout}${check.stderr}`.matchAll(/shop\.yaml:([0-9]+):/g)].map(([, line]) => Number(line));
  expect([...new Set(lines)]).toEqual(open.map(({ line }) => line));
});

test('an existing file stays, and so does the catalog of a source that cannot be read', () => {
  expect(adopt()).toMatchObject({ exitCode: 0 });
  writeFileSync(join(catalog, 'services', 'shop.yaml'), `${fileOf('shop')}# mine\n`);
  expect(adopt()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('already has a service shop') });
  expect(fileOf('shop')).toMatch(/# mine\n$/);
  writeFileSync(join(checkout, 'go.mod'), 'modul x\n');
  expect(adopt().exitCode).not.toBe(0);
  expect(written()).toEqual(['shop.yaml']);
});

test.each([
  ['a folder that does not exist', ['--from', 'missing'], /no such folder/],
  ['--code', ['--code', 'new'], /either/],
])('%s is an error that writes nothing', (_, words, message) => {
  const { exitCode, stderr } = adopt(...words);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(message);
  expect(written()).toEqual([]);
  expect(existsSync(join(scratch, 'new'))).toBe(false);
});

test('several modules below the folder are listed', () => {
  rmSync(join(checkout, 'go.mod'));
  for (const name of ['api', 'web']) {
    mkdirSync(join(checkout, name));
    writeFileSync(join(checkout, name, 'go.mod'), `module example.com/${name}\n`);
  }
  expect(adopt()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('several Go modules (api, web)') });
  rmSync(join(checkout, 'api'), { recursive: true });
  rmSync(join(checkout, 'web'), { recursive: true });
  expect(adopt()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('no go.mod in this folder or below') });
  expect(written()).toEqual([]);
});

test('without a name and without a source, the command says what it needs', () => {
  expect(bowline('new', 'service', '--catalog', catalog)).toMatchObject({
    exitCode: 3,
    stderr: expect.stringContaining('needs a name, or --from'),
  });
});

test('a second service is adopted while the first has open lines, and a broken platform stops it', () => {
  writeFileSync(join(checkout, 'main.go'), mainFile(['net/http'], 'http.ListenAndServe(":7071", nil)'));
  expect(adopt()).toMatchObject({ exitCode: 0 });
  expect(bowline('new', 'service', 'cart', '--from', checkout, '--no-start', '--catalog', catalog)).toMatchObject({
    exitCode: 0,
  });
  expect(bowline('new', 'service', 'orders', '--catalog', catalog)).toMatchObject({ exitCode: 0 });
  expect(written()).toEqual(['cart.yaml', 'orders.yaml', 'shop.yaml']);
  writeFileSync(join(catalog, 'platform.yaml'), 'version: 1\n');
  const { exitCode, stderr } = bowline('new', 'service', 'late', '--catalog', catalog);
  expect({ exitCode, named: stderr.includes('platform.yaml') }).toEqual({ exitCode: 3, named: true });
});

test('a proposal that the catalog rejects says that nothing was written, and names no line of a file that does not exist', () => {
  const { exitCode, stderr } = adopt('--team', 'Not A Team');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('nothing was written');
  expect(stderr).toContain('team: found "Not A Team"');
  expect(stderr).not.toMatch(/shop\.yaml:[0-9]/);
  expect(written()).toEqual([]);
});

test('the next steps can be copied: with the catalog, and quoted', () => {
  const spaced = join(scratch, 'my shop');
  cpSync(checkout, spaced, { recursive: true });
  const { exitCode, stderr } = bowline('new', 'service', '--from', spaced, '--no-start', '--catalog', catalog);
  expect(exitCode).toBe(0);
  expect(stderr).toContain(`npx bowline check catalog --catalog ${catalog}`);
  expect(stderr).toContain(`npx bowline run shop --source '${spaced}' --catalog ${catalog}`);
});

test('a go.mod that is wrong is bad input with its line', () => {
  writeFileSync(join(checkout, 'go.mod'), 'module x\n\ngo x\n');
  expect(adopt()).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('go.mod:3: invalid go version') });
});
