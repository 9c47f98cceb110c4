import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetReleases } from './forget-releases';

describe('the state that tests keep between runs of the suite', () => {
  let state: string;
  const repositories = 'registry/docker/registry/v2/repositories';
  const put = (path: string) => {
    mkdirSync(join(state, path, '..'), { recursive: true });
    writeFileSync(join(state, path), 'x');
  };
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));

  test('has neither images nor evidence nor keys of an earlier run, but its base images and caches', async () => {
    for (const path of [
      'kms/alias_acme-production.pem',
      'bases/static',
      'buildkit/snapshot',
      `${repositories}/acme/shop/_manifests/link`,
      `${repositories}/acme/signatures/shop/_manifests/link`,
      `${repositories}/acme/cache/shop/_manifests/link`,
      `${repositories}/bowline-base/static/_manifests/link`,
      `${repositories}/other/shop/_manifests/link`,
    ]) {
      put(path);
    }
    await forgetReleases(state);
    expect(existsSync(join(state, 'kms'))).toBe(false);
    expect(readdirSync(join(state, repositories, 'acme'))).toEqual(['cache']);
    expect(readdirSync(join(state, repositories, 'other'))).toEqual([]);
    expect(existsSync(join(state, repositories, 'bowline-base/static/_manifests/link'))).toBe(true);
    expect(existsSync(join(state, repositories, 'acme/cache/shop/_manifests/link'))).toBe(true);
    expect(readFileSync(join(state, 'buildkit/snapshot'), 'utf8')).toBe('x');
    expect(existsSync(join(state, 'services.lock'))).toBe(false);
  });

  test('is emptied once per process: tests of one file build on each other', async () => {
    await forgetReleases(state);
    put(`${repositories}/acme/shop/_manifests/link`);
    await forgetReleases(state);
    expect(existsSync(join(state, repositories, 'acme/shop/_manifests/link'))).toBe(true);
  });

  test('may be missing', async () => {
    const missing = join(state, 'none');
    await expect(forgetReleases(missing)).resolves.toBeUndefined();
  });
});
