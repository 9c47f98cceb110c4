import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releasePath } from '../../../lib/ledger';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { BareLedger, digestNamed, fakeRenderer, releaseOf } from '../fixtures';
import { HttpLedger } from '../http-ledger';

/** Settings of a host, as git keys and as environment variables. `MARK` is a program that leaves a file when something starts it. */
interface Hostile {
  readonly config?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

const hostile: Readonly<Record<string, Hostile>> = {
  'safe.bareRepository': { config: { 'safe.bareRepository': 'explicit' } },
  GIT_DEFAULT_HASH: { variables: { GIT_DEFAULT_HASH: 'sha256' } },
  GIT_DEFAULT_REF_FORMAT: { variables: { GIT_DEFAULT_REF_FORMAT: 'reftable' } },
  'init.defaultObjectFormat': { config: { 'init.defaultObjectFormat': 'sha256', 'init.defaultRefFormat': 'reftable' } },
  'init.defaultBranch': { config: { 'init.defaultBranch': 'not a branch' } },
  'init.templateDir': { config: { 'init.templateDir': 'TEMPLATE' }, variables: { GIT_TEMPLATE_DIR: 'TEMPLATE' } },
  'push.pushOption': { config: { 'push.pushOption': 'ci.skip' } },
  'push.default and push.negotiate': {
    config: { 'push.default': 'matching', 'push.useForceIfIncludes': 'true', 'push.negotiate': 'true' },
  },
  'push.gpgSign': { config: { 'push.gpgSign': 'true', 'gpg.program': 'MARK' } },
  'commit.gpgSign': { config: { 'commit.gpgSign': 'true', 'tag.gpgSign': 'true', 'gpg.program': 'MARK' } },
  'core.hooksPath': { config: { 'core.hooksPath': 'HOOKS' } },
  'core.fsmonitor': { config: { 'core.fsmonitor': 'MARK' } },
  'core.pager and core.editor': {
    config: { 'core.pager': 'MARK', 'core.editor': 'MARK' },
    variables: { GIT_PAGER: 'MARK', GIT_EDITOR: 'MARK' },
  },
  'core.autocrlf': { config: { 'core.autocrlf': 'true', 'core.eol': 'crlf', 'core.safecrlf': 'true' } },
  'core.attributesFile with a filter': {
    config: { 'core.attributesFile': 'ATTRIBUTES', 'filter.x.clean': 'MARK', 'filter.x.smudge': 'MARK' },
  },
  'core.bigFileThreshold and compression': {
    config: { 'core.bigFileThreshold': '1', 'core.compression': '0', 'pack.depth': '0' },
  },
  'core.worktree and core.bare': { config: { 'core.bare': 'false', 'core.worktree': '/nowhere' } },
  'core.repositoryFormatVersion': { config: { 'core.repositoryformatversion': '7' } },
  'core.alternateRefsCommand': { config: { 'core.alternateRefsCommand': 'MARK' } },
  'core.askPass and core.sshCommand': { config: { 'core.askPass': 'MARK', 'core.sshCommand': 'MARK' } },
  'url.insteadOf': { config: { 'url.file:///nowhere/.insteadOf': 'ADDRESS' } },
  'url.pushInsteadOf': { config: { 'url.file:///nowhere/.pushInsteadOf': 'ADDRESS' } },
  'protocol.allow': { config: { 'protocol.allow': 'never', 'protocol.file.allow': 'never', 'protocol.version': '0' } },
  GIT_ALLOW_PROTOCOL: { variables: { GIT_ALLOW_PROTOCOL: 'ext' } },
  'uploadpack.packObjectsHook': { config: { 'uploadpack.packObjectsHook': 'MARK' } },
  'transfer.hideRefs': { config: { 'transfer.hideRefs': 'refs/heads', 'uploadpack.hideRefs': 'refs/heads' } },
  'transfer.fsckObjects': { config: { 'transfer.fsckObjects': 'true', 'fsck.missingEmail': 'error' } },
  'receive.denyAll': {
    config: { 'receive.denyNonFastForwards': 'true', 'receive.maxInputSize': '1', 'receive.certNonceSeed': 'x' },
  },
  'fetch.prune': { config: { 'fetch.prune': 'true', 'fetch.pruneTags': 'true', 'fetch.all': 'true' } },
  'fetch.output': {
    config: { 'fetch.output': 'compact', 'fetch.parallel': '0', 'fetch.negotiationAlgorithm': 'noop' },
  },
  'submodule.recurse': { config: { 'submodule.recurse': 'true', 'fetch.recurseSubmodules': 'yes' } },
  'log.showSignature': {
    config: {
      'log.showSignature': 'true',
      'log.decorate': 'full',
      'core.abbrev': '4',
      'color.ui': 'always',
      'color.diff': 'always',
      'log.date': 'relative',
    },
  },
  'http.extraHeader': { config: { 'http.proxy': 'http://127.0.0.1:9' } },
  'an alias for every command': {
    config: { 'alias.fetch': '!MARK', 'alias.fast-import': '!MARK', 'alias.ls-tree': '!MARK' },
  },
  'trace2 and GIT_TRACE': {
    config: { 'trace2.normalTarget': '2' },
    variables: { GIT_TRACE: '2', GIT_CURL_VERBOSE: '1' },
  },
  'a repository in the environment': {
    variables: {
      GIT_DIR: '/nowhere',
      GIT_WORK_TREE: '/nowhere',
      GIT_INDEX_FILE: '/nowhere/index',
      GIT_OBJECT_DIRECTORY: '/nowhere',
      GIT_COMMON_DIR: '/nowhere',
      GIT_NAMESPACE: 'other',
      GIT_CEILING_DIRECTORIES: '/',
      GIT_SHALLOW_FILE: '/nowhere',
    },
  },
  'an identity in the environment': {
    variables: {
      GIT_AUTHOR_NAME: 'Eve',
      GIT_COMMITTER_EMAIL: 'eve@example.com',
      GIT_AUTHOR_DATE: '2001-01-01T00:00:00Z',
    },
  },
  'configuration in the environment': {
    variables: {
      GIT_CONFIG_COUNT: '2',
      GIT_CONFIG_KEY_0: 'core.hooksPath',
      GIT_CONFIG_VALUE_0: 'HOOKS',
      GIT_CONFIG_KEY_1: 'push.pushOption',
      GIT_CONFIG_VALUE_1: 'x',
      GIT_CONFIG_PARAMETERS: "'push.pushOption'='y'",
    },
  },
  'replaced objects and grafts': { variables: { GIT_REPLACE_REF_BASE: 'refs/heads/', GIT_GRAFT_FILE: '/nowhere' } },
  'another language': { variables: { LANGUAGE: 'de', LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' } },
  'a configuration that git cannot parse': { config: {} },
};

describe('settings of the host', () => {
  let ledger: BareLedger;
  let home: string;
  let saved: NodeJS.ProcessEnv;
  beforeEach(() => {
    saved = { ...process.env };
    ledger = new BareLedger();
    ledger.publish('dev', 'hello');
    home = join(ledger.root, 'home');
    mkdirSync(join(home, 'hooks'), { recursive: true });
    mkdirSync(join(home, 'template', 'hooks'), { recursive: true });
    writeFileSync(join(home, 'mark'), `#!/bin/sh\ntouch ${home}/started\nexit 1\n`, { mode: 0o755 });
    for (const name of ['pre-push', 'reference-transaction', 'post-update', 'pre-receive', 'update', 'post-commit']) {
      for (const folder of ['hooks', 'template/hooks']) {
        writeFileSync(join(home, folder, name), readFileSync(join(home, 'mark')));
        chmodSync(join(home, folder, name), 0o755);
      }
    }
    writeFileSync(join(home, 'attributes'), '* filter=x text eol=crlf\n');
  });
  afterEach(() => {
    process.env = saved;
    ledger.remove();
  });

  /** Sets them as global and as system configuration, and in the environment. */
  const apply = (name: string, address: string) => {
    const { config = {}, variables = {} } = hostile[name] ?? {};
    const fill = (text: string) =>
      text
        .replaceAll('MARK', join(home, 'mark'))
        .replaceAll('HOOKS', join(home, 'hooks'))
        .replaceAll('TEMPLATE', join(home, 'template'))
        .replaceAll('ATTRIBUTES', join(home, 'attributes'))
        .replaceAll('ADDRESS', address);
    const file = join(home, '.gitconfig');
    writeFileSync(file, Object.keys(config).length === 0 && Object.keys(variables).length === 0 ? '[broken\n' : '');
    for (const [key, value] of Object.entries(config)) {
      execFileSync('git', ['config', '--file', file, '--add', fill(key), fill(value)], { cwd: '/' });
    }
    Object.assign(process.env, { HOME: home, GIT_CONFIG_SYSTEM: file, GIT_CONFIG_GLOBAL: file });
    for (const [variable, value] of Object.entries(variables)) {
      process.env[variable] = fill(value);
    }
  };
  const head = () =>
    execFileSync('git', ['log', '-1', '--format=%an|%ae|%s', 'main'], {
      cwd: ledger.path,
      env: saved,
      encoding: 'utf8',
    });

  test.each(Object.keys(hostile))('%s has no effect on a promotion', async (name) => {
    apply(name, ledger.path);
    const cache = join(ledger.root, 'cache');
    const notices: string[] = [];
    for (const [version, folder] of [
      ['one', undefined],
      ['two', cache],
      ['three', cache],
    ] as const) {
      expect(
        await promoteToLedger({
          ledger: { repository: ledger.path, cache: folder, onNotice: (text) => notices.push(text) },
          release: releaseOf('hello', 'dev', version),
          renderer: fakeRenderer(),
        }),
      ).toMatchObject({ ok: true, changed: true, attempts: 1 });
    }
    process.env = saved;
    expect(notices).toEqual([]);
    expect(existsSync(join(home, 'started'))).toBe(false);
    expect(ledger.text(releasePath('dev', 'hello'))).toContain(digestNamed('three'));
    expect(head()).toBe(`Bowline|bowline@localhost|Promote hello to dev: ${digestNamed('three').slice(7, 19)}\n`);
    expect(ledger.git('rev-list', '--count', 'main')).toBe('4');
    expect(ledger.git('for-each-ref', '--format=%(refname)')).toBe('refs/heads/main');
  });

  // Only root can give a repository to another user.
  const isRoot = process.getuid?.() === 0;
  test(`a ledger of another user is used if safe.directory names it${isRoot ? '' : ' (not tested: needs root)'}`, async () => {
    if (!isRoot) {
      return;
    }
    execFileSync('chown', ['-R', '12345', ledger.path]);
    const promote = (name: string) =>
      promoteToLedger({
        ledger: { repository: ledger.path },
        release: releaseOf('hello', 'dev', name),
        renderer: fakeRenderer(),
      });
    const trust = (text: string) => {
      writeFileSync(join(home, '.gitconfig'), `${text}[core]\n\thooksPath = ${home}/hooks\n`);
      Object.assign(process.env, { HOME: home, GIT_CONFIG_GLOBAL: join(home, '.gitconfig'), GIT_CONFIG_NOSYSTEM: '1' });
    };
    trust('');
    await expect(promote('one')).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringContaining('dubious ownership'),
    });
    trust(`[safe]\n\tdirectory = ${ledger.path}\n`);
    expect(await promote('one')).toMatchObject({ ok: true, changed: true });
    expect(existsSync(join(home, 'started'))).toBe(false);
  });

  describe('for a git host', () => {
    let server: HttpLedger;
    let url: string;
    let authorizations: (string | undefined)[];
    beforeEach(async () => {
      server = new HttpLedger(ledger);
      url = await server.start();
      authorizations = [];
      server.intercept = (request, response) => {
        authorizations.push(request.headers.authorization);
        if (request.headers.authorization !== undefined) {
          return false;
        }
        response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
        return true;
      };
    });
    afterEach(() => server.stop());

    const promote = (config?: Readonly<Record<string, string>>) =>
      promoteToLedger({
        ledger: { repository: url, ...(config === undefined ? {} : { config }) },
        release: releaseOf('hello', 'dev', 'one'),
        renderer: fakeRenderer(),
      });
    const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const helper = (name: string) => {
      writeFileSync(join(home, name), `#!/bin/sh\n[ "$1" = get ] && printf 'username=${name}\\npassword=secret\\n'\n`, {
        mode: 0o755,
      });
      return join(home, name);
    };

    test("the credential helper that the user named is used, whatever else the user's configuration says", async () => {
      writeFileSync(
        join(home, '.gitconfig'),
        `[credential]\n\thelper = ${helper('person')}\n[core]\n\thooksPath = ${home}/hooks\n[url "http://127.0.0.1:9/"]\n\tinsteadOf = http://\n[push]\n\tpushOption = x\n`,
      );
      Object.assign(process.env, { HOME: home, GIT_CONFIG_NOSYSTEM: '1' });
      delete process.env.GIT_CONFIG_GLOBAL;
      expect(await promote()).toMatchObject({ ok: true, changed: true });
      expect(new Set(authorizations)).toEqual(new Set([undefined, basic('person:secret')]));
      expect(existsSync(join(home, 'started'))).toBe(false);
    });

    test('so are a helper of an included file, a netrc file, and a header in GIT_CONFIG_COUNT', async () => {
      writeFileSync(join(home, 'more.config'), `[credential "${url}"]\n\thelper = ${helper('included')}\n`);
      const include = `[include]\n\tpath = more.config\n`;
      const cases: readonly (readonly [string, () => void])[] = [
        ['included', () => writeFileSync(join(home, '.gitconfig'), include)],
        [
          'netrc',
          () => writeFileSync(join(home, '.netrc'), 'machine 127.0.0.1 login netrc password secret\n', { mode: 0o600 }),
        ],
        [
          'header',
          () =>
            Object.assign(process.env, {
              GIT_CONFIG_COUNT: '1',
              GIT_CONFIG_KEY_0: `http.${url}.extraHeader`,
              GIT_CONFIG_VALUE_0: `Authorization: ${basic('header:secret')}`,
            }),
        ],
      ];
      for (const [name, prepare] of cases) {
        for (const file of ['.gitconfig', '.netrc']) {
          writeFileSync(join(home, file), '');
        }
        authorizations.length = 0;
        Object.assign(process.env, { HOME: home, GIT_CONFIG_NOSYSTEM: '1' });
        prepare();
        expect(await promote()).toMatchObject({ ok: true });
        expect(authorizations).toContain(basic(`${name}:secret`));
      }
    });

    test("a job with its own credential uses neither the user's helper, nor the netrc file, nor the user's headers", async () => {
      writeFileSync(
        join(home, '.gitconfig'),
        `[credential]\n\thelper = ${helper('person')}\n[http]\n\textraHeader = X-Person: yes\n\tproxy = http://127.0.0.1:9\n`,
      );
      writeFileSync(join(home, '.netrc'), 'machine 127.0.0.1 login netrc password secret\n', { mode: 0o600 });
      Object.assign(process.env, { HOME: home, GIT_CONFIG_NOSYSTEM: '1', GIT_ASKPASS: join(home, 'mark') });
      const headers: (string | string[] | undefined)[] = [];
      const serve = server.intercept;
      server.intercept = (request, response) => {
        headers.push(request.headers['x-person']);
        return serve(request, response);
      };
      expect(await promote({ [`http.${url}.extraHeader`]: `Authorization: ${basic('job:token')}` })).toMatchObject({
        ok: true,
      });
      expect(new Set(authorizations)).toEqual(new Set([basic('job:token')]));
      expect(new Set(headers)).toEqual(new Set([undefined]));
      server.intercept = serve;
      authorizations.length = 0;
      await expect(promote({ 'http.https://other.example/.extraHeader': 'Authorization: x' })).rejects.toMatchObject({
        code: 'unreachable',
      });
      expect(authorizations).toEqual([undefined]);
      expect(existsSync(join(home, 'started'))).toBe(false);
    });
  });
});
