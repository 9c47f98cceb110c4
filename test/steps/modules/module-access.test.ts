import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseCatalog, type Service } from '../../../lib/catalog';
import { machineNetrc } from '../../../lib/steps/modules/machine-credential';
import { buildSecrets } from '../../../lib/steps/modules/module-access';
import { type ModuleAccessInput, openModuleAccess } from '../../../lib/steps/modules/open-module-access';
import { exampleCatalogFile } from '../../catalog/example-catalog-file';
import { FakeGitHub } from '../gitops/git-host/fake-github';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' };

function serviceWith(modules: object): Service {
  const text = JSON.stringify({
    ...{ version: 1, name: 'shop', team: 'storefront', source: { repository: 'acme/shop' } },
    build: { modules },
  });
  const result = parseCatalog(exampleCatalogFile, [{ file: 'shop.yaml', text }]);
  if (!result.ok) {
    throw new Error(JSON.stringify(result.problems));
  }
  return result.catalog.services[0] as Service;
}

const app = { kind: 'github-app', appId: '123456', installationId: '7654321', secret: 'storefront/modules' };

describe('the credential of a pipeline', () => {
  let github: FakeGitHub;
  let notes: string[];
  beforeEach(async () => {
    github = new FakeGitHub();
    notes = [];
    await github.start();
  });
  afterEach(() => github.stop());

  /** The catalog demands https; the fake GitHub speaks http. */
  const open = (credential: Record<string, unknown> | undefined, from: ModuleAccessInput['from'] = 'secret') => {
    const service = serviceWith({ private: ['github.com/acme'] });
    const modules = { private: ['github.com/acme'], credential } as Service['build']['modules'];
    return openModuleAccess({
      service: { ...service, build: { ...service.build, modules } },
      from,
      aws: async () => ({ region: 'eu-west-1', endpoint: github.url, credentials: async () => credentials }),
      now: new Date(),
      reporter: { note: (text) => notes.push(text) },
    });
  };

  test('is a token that reads contents only, of an App whose key stays in the job', async () => {
    const access = await open({ ...app, api: github.url });
    const [token = ''] = [...github.grants.keys()];
    expect([...github.grants.values()]).toEqual([{ permissions: { contents: 'read' } }]);
    expect(access.netrc).toBe(`machine 127.0.0.1 login x-access-token password ${token}\n`);
    expect(notes).toEqual(['private modules: using a read-only token of GitHub App 123456 for 127.0.0.1']);
    expect(Object.values(buildSecrets(access)).join()).not.toContain('PRIVATE KEY');
  });

  test('is the netrc file of a secret, and only its hosts are named', async () => {
    github.secret = 'machine git.example.com login me password hidden\n';
    const access = await open({ kind: 'netrc', secret: 'storefront/netrc' });
    expect(buildSecrets(access)).toEqual({ 'module-netrc': github.secret });
    expect(notes).toEqual(['private modules: using the secret storefront/netrc for git.example.com']);
  });

  test('is absent if the catalog names none', async () => {
    expect(buildSecrets(await open(undefined))).toEqual({});
  });

  test.each([
    ['no secret', undefined, { kind: 'netrc', secret: 'x' }, 3, /cannot read the secret x .*ResourceNotFoundException/],
    ['no netrc', 'hidden', { kind: 'netrc', secret: 'x' }, 3, /the secret x is not a netrc file/],
    ['no key', 'hidden', app, 3, /is not an RSA private key/],
    ['another installation', 'key', { ...app, installationId: '1' }, 3, /GitHub refuses a token of App 123456/],
  ])('%s is an error in the catalog, and the message shows nothing of the secret', async (...row) => {
    const [, secret, credential, exitCode, message] = row;
    github.secret = secret === 'key' ? github.privateKey : secret;
    const error = await open({ api: github.url, ...credential }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'module-credential', exitCode, message: expect.stringMatching(message) });
    expect(String(error)).not.toMatch(/hidden|PRIVATE KEY/);
  });

  test('a service of AWS or GitHub that does not respond is inconclusive', async () => {
    const error = await open({ ...app, api: 'http://127.0.0.1:1' }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'module-credential', exitCode: 1 });
    await github.stop();
    expect(await open({ kind: 'netrc', secret: 'x' }).catch((thrown: unknown) => thrown)).toMatchObject({
      code: 'module-credential',
      exitCode: 1,
    });
  });

  test('builds of pull requests have none, and say to vendor', async () => {
    await expect(open(app, 'none')).rejects.toMatchObject({
      code: 'module-credential',
      exitCode: 3,
      message: expect.stringContaining('vendor the modules (go mod vendor)'),
    });
    expect(await open(undefined, 'none')).toEqual({ modules: { private: ['github.com/acme'] } });
    expect(github.requests).toEqual([]);
  });
});

describe('the credential of this machine', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'bowline-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const environment = () => ({ PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' });
  const find = (patterns: readonly string[], proxy?: string) =>
    machineNetrc({ private: [...patterns], proxy }, environment());

  test('is read from ~/.netrc, for the hosts of the patterns only', async () => {
    writeFileSync(
      join(home, '.netrc'),
      'machine git.example.com login me password one\nmachine other.example login me password two\n',
    );
    expect(await find(['git.example.com/acme', 'git.example.com/tools'])).toEqual({
      entries: [{ host: 'git.example.com', origin: '~/.netrc' }],
      netrc: 'machine git.example.com login me password one\n',
    });
  });

  test('a wildcard finds its hosts in ~/.netrc', async () => {
    writeFileSync(join(home, '.netrc'), 'machine a.b.example.com login me password one\n');
    expect((await find(['*.example.com'])).entries).toEqual([{ host: 'a.b.example.com', origin: '~/.netrc' }]);
    expect((await find(['*.example.org'])).entries).toEqual([{ host: '*.example.org' }]);
  });

  test('is asked from the credential helpers of git where ~/.netrc has none', async () => {
    const helper = join(home, 'helper');
    writeFileSync(helper, '#!/bin/sh\n[ "$1" = get ] && printf "username=me\\npassword=from-helper\\n"\n');
    chmodSync(helper, 0o755);
    execFileSync('git', ['config', '--global', 'credential.helper', helper], { env: environment() });
    expect(await find(['git.example.com/acme'])).toEqual({
      entries: [{ host: 'git.example.com', origin: "git's credential helper" }],
      netrc: 'machine git.example.com login me password from-helper\n',
    });
  });

  test('is missing without a prompt, and the host is named', async () => {
    expect(await find(['git.example.com'])).toEqual({ entries: [{ host: 'git.example.com' }], netrc: '' });
  });

  test('with a proxy, only the host of the proxy gets a credential', async () => {
    writeFileSync(
      join(home, '.netrc'),
      'machine git.example.com login me password one\nmachine proxy.example.com login me password two\n',
    );
    expect((await find(['git.example.com'], 'https://proxy.example.com/go')).netrc).toBe(
      'machine proxy.example.com login me password two\n',
    );
  });
});
