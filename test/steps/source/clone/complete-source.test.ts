import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeSource } from '../../../../lib/steps';
import { parseService } from '../../../image/parse-service';
import { GitHost, pointerTo } from './git-host';

const host = new GitHost();
const folders: string[] = [];
let log: string[] = [];
const saved = { ...process.env };

beforeAll(async () => {
  await host.start();
  // The configuration of the job: a login that its helper gives for any host, as the one of CodeBuild may.
  const home = mkdtempSync(join(tmpdir(), 'bowline-home-'));
  folders.push(home);
  writeFileSync(
    join(home, '.gitconfig'),
    '[credential]\n\thelper = "!f() { test \\"$1\\" = get && echo username=job && echo password=secret-token; }; f"\n',
  );
  Object.assign(process.env, { HOME: home, GIT_SSL_CAINFO: host.authority, XDG_CONFIG_HOME: home });
});
beforeEach(() => {
  log = [];
  host.requests.length = 0;
});
afterAll(async () => {
  process.env = saved;
  await host.stop();
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true });
  }
});

function open(repository: string): { readonly directory: string; read(file: string): string } {
  const directory = host.clone(repository);
  folders.push(directory);
  return { directory, read: (file) => readFileSync(join(directory, file), 'utf8') };
}

const { platform } = parseService();
const complete = (source: string, commit: string, fields = 'repository: acme/shop, clone: full') =>
  completeSource({
    platform,
    service: parseService('{}', `{ ${fields} }`).service,
    source,
    commit,
    reporter: { note: (line) => log.push(line), progress: () => {} },
  });

const libraries = () => host.commit('acme/lib', { files: { 'lib.go': 'package lib\n' } });

describe('submodules', () => {
  test('are fetched at their commits, and those of submodules too', async () => {
    const inner = host.commit('acme/inner', { files: { 'inner.go': 'package inner\n' } });
    const outer = host.commit('acme/outer', {
      files: { 'outer.go': 'package outer\n' },
      submodules: { 'deps/inner': { url: '../inner.git', of: inner } },
    });
    host.commit('acme/outer', { files: { 'outer.go': 'package later\n' } });
    const commit = host.commit('acme/shop', {
      files: { 'main.go': 'package main\n' },
      submodules: { 'third party/outer': { url: `${host.url}/acme/outer.git`, of: outer } },
    });
    const { directory, read } = open('acme/shop');
    await complete(directory, commit);
    expect(read('third party/outer/outer.go')).toBe('package outer\n');
    expect(read('third party/outer/deps/inner/inner.go')).toBe('package inner\n');
    expect(log).toEqual([
      `submodule third party/outer at ${outer.slice(0, 12)} from ${host.url}/acme/outer.git`,
      `submodule third party/outer/deps/inner at ${inner.slice(0, 12)} from ${host.url}/acme/inner.git`,
    ]);
    // The scan does the same in a checkout of its own, and a second time changes nothing.
    await complete(directory, commit);
  });

  test('of the host of the source are fetched with the login of the job', async () => {
    const of = host.commit('private/lib', { files: { 'lib.go': 'package lib\n' } });
    const commit = host.commit('private/shop', { submodules: { lib: { url: '../lib.git', of } } });
    const { directory, read } = open('private/shop');
    await complete(directory, commit, 'repository: private/shop, submodules: [private/lib], clone: full');
    expect(read('lib/lib.go')).toBe('package lib\n');
  });

  test('on another host are asked without the login, and the error has the remedy', async () => {
    const other = new GitHost('127.0.0.2');
    await other.start();
    try {
      const of = other.commit('private/lib', { files: { 'lib.go': 'package lib\n' } });
      const commit = host.commit('acme/elsewhere', {
        submodules: { lib: { url: `${other.url}/private/lib.git`, of } },
      });
      const { directory } = open('acme/elsewhere');
      await expect(complete(directory, commit)).rejects.toMatchObject({
        code: 'recipe',
        exitCode: 3,
        message: expect.stringMatching(
          /^shop: cannot fetch the submodule lib at [0-9a-f]{12} from https:\/\/127\.0\.0\.2[\s\S]*could not read Username[\s\S]*no login for this host/,
        ),
      });
      expect(other.requests.length).toBeGreaterThan(0);
      expect(other.requests.filter((line) => !line.endsWith(' nobody'))).toEqual([]);
    } finally {
      await other.stop();
    }
  });

  test.each([
    ['a local path', '/etc', 'is not an https URL'],
    ['a file', 'file:///etc', 'is not an https URL'],
    ['a program', 'ext::sh -c touch% /tmp/owned', 'is not an https URL'],
    ['plain http', 'http://127.0.0.1/acme/lib.git', 'is not an https URL'],
    ['an option', '--upload-pack=touch /tmp/owned', 'is not an https URL'],
    ['a helper', 'https::https://127.0.0.1/x', 'is not an https URL'],
    [
      'ssh',
      'git@github.com:acme/lib.git',
      'needs an ssh key, which the pipeline does not have. Write https://github.com/acme/lib.git',
    ],
    ['a login', 'https://me:secret@127.0.0.1/acme/lib.git', '"https://127.0.0.1/acme/lib.git", contains a credential'],
    ['a path above the host', '../../../../etc', 'leads out of the git host'],
  ])('whose URL is %s are refused before anything is fetched', async (_, url, reason) => {
    const commit = host.commit(`acme/hostile-${reason.length}-${url.length}`, {
      submodules: { lib: { url, of: libraries() } },
    });
    const { directory } = open(`acme/hostile-${reason.length}-${url.length}`);
    host.requests.length = 0;
    await expect(complete(directory, commit)).rejects.toMatchObject({ code: 'recipe', exitCode: 3 });
    await expect(complete(directory, commit)).rejects.toThrow(reason);
    await expect(complete(directory, commit)).rejects.not.toThrow('secret');
    expect(host.requests).toEqual([]);
    expect(existsSync('/tmp/owned')).toBe(false);
  });

  test('on a host that does not answer are no fault of the source', async () => {
    const commit = host.commit('acme/down', {
      submodules: { lib: { url: 'https://127.0.0.1:1/lib.git', of: libraries() } },
    });
    await expect(complete(open('acme/down').directory, commit)).rejects.toMatchObject({
      code: 'failed',
      exitCode: 1,
      message: expect.stringMatching(/cannot fetch the submodule lib[\s\S]*Run the build again/),
    });
  });

  test('cannot choose a program to update them', async () => {
    host.commit('acme/program', {
      files: { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = ../lib.git\n\tupdate = !touch ran\n' },
    });
    const { directory } = open('acme/program');
    await complete(directory, host.addLink(directory, 'lib', libraries())).catch(() => undefined);
    expect(existsSync(join(directory, 'ran')) || existsSync(join(directory, 'lib/ran'))).toBe(false);
  });

  test('cannot have a name that leads out of the clone', async () => {
    host.commit('acme/name', {
      files: { '.gitmodules': '[submodule "../../hooks"]\n\tpath = lib\n\turl = ../lib.git\n' },
    });
    const { directory } = open('acme/name');
    await expect(complete(directory, host.addLink(directory, 'lib', libraries()))).rejects.toThrow(
      '.gitmodules: "../../hooks" is not a name of a submodule: rename it',
    );
  });

  test('without a URL, or at a commit that their repository does not have, are errors', async () => {
    const unknown = host.commit('acme/unknown', { submodules: { lib: { url: '../lib.git', of: 'a'.repeat(40) } } });
    libraries();
    await expect(complete(open('acme/unknown').directory, unknown)).rejects.toThrow(
      /cannot fetch the submodule lib at aaaaaaaaaaaa[\s\S]*has no such commit: push it there/,
    );
    const { directory } = open('acme/lib');
    const stray = host.addLink(directory, 'vendor/x', 'b'.repeat(40));
    await expect(complete(directory, stray)).rejects.toThrow(
      'vendor/x is a submodule without a URL in .gitmodules: add it with git submodule add, or remove it with git rm --cached vendor/x',
    );
  });
});

describe('files in Git LFS', () => {
  const attributes = { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text\n' };

  test('get their content, also in submodules', async () => {
    const of = host.commit('acme/media', { files: { ...attributes, 'b.bin': host.store('content of b') } });
    const commit = host.commit('acme/large', {
      files: { ...attributes, 'data/a.bin': host.store('content of a') },
      submodules: { media: { url: '../media.git', of } },
    });
    const { directory, read } = open('acme/large');
    expect(read('data/a.bin')).toMatch(/^version https:\/\/git-lfs/);
    await complete(directory, commit);
    expect(read('data/a.bin')).toBe('content of a');
    expect(read('media/b.bin')).toBe('content of b');
    expect(log.filter((line) => line.startsWith('Git LFS'))).toEqual([
      `Git LFS: 1 file from ${host.url}/acme/large.git/info/lfs`,
      `Git LFS: 1 file of media from ${host.url}/acme/media.git/info/lfs`,
    ]);
  });

  test('of a private repository are fetched with the login of the job', async () => {
    const commit = host.commit('private/large', { files: { ...attributes, 'a.bin': host.store('private content') } });
    const { directory, read } = open('private/large');
    await complete(directory, commit, 'repository: private/large, clone: full');
    expect(read('a.bin')).toBe('private content');
  });

  test('that the server does not have end the build', async () => {
    const commit = host.commit('acme/lost', { files: { ...attributes, 'a.bin': pointerTo('c'.repeat(64), 12) } });
    await expect(complete(open('acme/lost').directory, commit)).rejects.toMatchObject({
      code: 'recipe',
      exitCode: 3,
      message: expect.stringMatching(
        /^shop: cannot fetch the content of a\.bin in Git LFS:\n {2}from https:[\s\S]*commit the content to git itself/,
      ),
    });
  });

  test('cannot be left out, nor come through a program, by .lfsconfig', async () => {
    const config = [
      '[lfs]',
      '\tfetchexclude = "*"',
      '\tfetchinclude = none',
      '\tskipdownloaderrors = true',
      '\tstandalonetransferagent = evil',
      '[lfs "customtransfer.evil"]',
      '\tpath = touch',
      '\targs = ran',
      '[lfs "extension.evil"]',
      '\tsmudge = touch ran',
      '\tpriority = 0',
      '[filter "lfs"]',
      '\tsmudge = touch ran',
      '[core]',
      '\tsshCommand = touch ran',
    ];
    const commit = host.commit('acme/sly', {
      files: { ...attributes, 'a.bin': host.store('content of sly'), '.lfsconfig': `${config.join('\n')}\n` },
    });
    const { directory, read } = open('acme/sly');
    await complete(directory, commit);
    expect(read('a.bin')).toBe('content of sly');
    expect(existsSync(join(directory, 'ran'))).toBe(false);
  });

  test.each([
    'file:///etc',
    'ssh://git@127.0.0.1/x',
    '-oProxyCommand=touch',
    'http://127.0.0.1/lfs',
    'https://a:b@127.0.0.1/',
  ])('are not fetched from the server %s of .lfsconfig', async (url) => {
    const name = `acme/server-${url.length}`;
    const commit = host.commit(name, {
      files: { ...attributes, 'a.bin': host.store('x'), '.lfsconfig': `[lfs]\n\turl = "${url}"\n` },
    });
    await expect(complete(open(name).directory, commit)).rejects.toThrow(
      /\.lfsconfig: lfs\.url is .*: Bowline uses only https/,
    );
  });

  test('come from an https server that .lfsconfig names', async () => {
    const commit = host.commit('acme/store', {
      files: {
        ...attributes,
        'a.bin': host.store('stored'),
        '.lfsconfig': `[lfs]\n\turl = ${host.url}/store/info/lfs\n`,
      },
    });
    const { directory, read } = open('acme/store');
    await complete(directory, commit);
    expect(read('a.bin')).toBe('stored');
    expect(host.requests).toContain('POST /store/info/lfs/objects/batch nobody');
  });
});

describe('nothing is fetched', () => {
  test('for a service whose source is an archive, nor in a folder that is no clone', async () => {
    const commit = host.commit('acme/plain', { submodules: { lib: { url: '../lib.git', of: libraries() } } });
    const { directory } = open('acme/plain');
    host.requests.length = 0;
    await complete(directory, commit, 'repository: acme/plain');
    rmSync(join(directory, '.git'), { recursive: true });
    await complete(directory, commit);
    expect(host.requests).toEqual([]);
  });

  test('if the clone is at another commit than the release', async () => {
    host.commit('acme/moved', { files: { a: '1' } });
    await expect(complete(open('acme/moved').directory, 'd'.repeat(40))).rejects.toMatchObject({
      code: 'input',
      exitCode: 3,
      message: expect.stringContaining(`but the release is of commit ${'d'.repeat(40)}`),
    });
  });
});
