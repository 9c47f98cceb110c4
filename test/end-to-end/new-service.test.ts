import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Bench, openBench, root, stateOf } from './bench';

jest.setTimeout(900_000);

const scratch = mkdtempSync(join(tmpdir(), 'bowline-new-service-'));
const catalog = join(scratch, 'catalog');
const code = join(scratch, 'orders');
let bench: Bench;

beforeAll(() => {
  mkdirSync(join(catalog, 'services'), { recursive: true });
  cpSync(join(root, 'catalog', 'platform.yaml'), join(catalog, 'platform.yaml'));
  execFileSync(
    process.execPath,
    [join(root, 'bin', 'bowline.mjs'), 'new', 'service', 'orders', '--catalog', catalog, '--code', code],
    { stdio: 'pipe' },
  );
  bench = openBench(code, join(catalog, 'services', 'orders.yaml'), stateOf('new-service'));
});

afterAll(() => {
  bench?.dispose();
  rmSync(scratch, { recursive: true, force: true });
});

test('the code of a new service passes every gate', async () => {
  const result = await bench.run({ catalog });
  expect({ failed: result.failed, notes: result.failed === undefined ? '' : bench.notes.join('\n') }).toEqual({
    failed: undefined,
    notes: '',
  });
  expect(result).toMatchObject({ service: 'orders', verdict: 'passed', signed: true });
  expect(Object.keys(result.image?.platforms ?? {}).sort()).toEqual(['linux/amd64', 'linux/arm64']);
  expect(Object.keys(result.promoted)).toEqual(['dev', 'prod']);
});
