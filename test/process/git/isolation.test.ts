import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitCommand, gitEnvironment, gitFlags, mustRun, readUserGitSettings } from '../../../lib/process';

describe('git', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'bowline-test-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));
  const configured = (text: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => {
    writeFileSync(join(home, '.gitconfig'), text);
    return { PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...more };
  };

  test('sees only the variables that it needs, and none of git', () => {
    const environment = gitEnvironment(
      {},
      {
        PATH: '/bin',
        HTTPS_PROXY: 'http://proxy',
        AWS_SECRET_ACCESS_KEY: 'x',
        GIT_DIR: '/x',
        GIT_SSH_COMMAND: 'evil',
        HOME: '/root',
        XDG_CONFIG_HOME: '/root/.config',
        GIT_SSL_CAINFO: '/ca.pem',
      },
    );
    expect(environment).toMatchObject({
      PATH: '/bin',
      HTTPS_PROXY: 'http://proxy',
      HOME: '/nonexistent',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_CONFIG_KEY_0: 'http.sslCAInfo',
      GIT_CONFIG_VALUE_0: '/ca.pem',
    });
    for (const name of ['AWS_SECRET_ACCESS_KEY', 'GIT_DIR', 'GIT_SSH_COMMAND', 'XDG_CONFIG_HOME', 'GIT_SSL_CAINFO']) {
      expect(environment).not.toHaveProperty(name);
    }
  });

  test('has the settings of Bowline, unless one is taken over by name', () => {
    expect(gitFlags()).toEqual(expect.arrayContaining(['core.hooksPath=/dev/null', 'core.excludesFile=/dev/null']));
    const user = { settings: [['core.excludesfile', '/ignore']] as const, variables: {} };
    expect(gitFlags({ user }).join()).not.toContain('core.excludesFile');
    expect(gitFlags({ user })).toContain('core.hooksPath=/dev/null');
  });

  test('takes over how the user logs in, in order, and nothing else', async () => {
    const text = `[credential]
	helper =
	helper = store
	useHttpPath
[credential "https://git.example"]
	username = me
[http]
	proxy = http://proxy
	sslVerify = false
[http "https://git.example/"]
	extraHeader = X: y
[core]
	sshCommand = ssh -i key
	hooksPath = /hooks
	fsmonitor = /evil
[url "https://evil.example/"]
	insteadOf = https://git.example/
[push]
	pushOption = x
[alias]
	fetch = !evil
[include]
	path = more
`;
    writeFileSync(join(home, 'more'), '[credential]\n\thelper = more\n');
    const from = configured(text, { GIT_ASKPASS: '/ask', GIT_DIR: '/x', GIT_SSH_COMMAND: 'ssh -v', GIT_TRACE: '1' });
    expect(await readUserGitSettings('credentials', from)).toEqual({
      settings: [
        ['credential.helper', ''],
        ['credential.helper', 'store'],
        ['credential.usehttppath', 'true'],
        ['credential.https://git.example.username', 'me'],
        ['http.proxy', 'http://proxy'],
        ['http.https://git.example/.extraheader', 'X: y'],
        ['core.sshcommand', 'ssh -i key'],
        ['credential.helper', 'more'],
      ],
      variables: { GIT_ASKPASS: '/ask', GIT_SSH_COMMAND: 'ssh -v' },
    });
  });

  test('takes over what concerns a source, with the ignore file that git reads by default', async () => {
    const text =
      '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n[filter "x"]\n\tclean = evil\n[safe]\n\tdirectory = /src\n';
    const { settings } = await readUserGitSettings('source', configured(text));
    expect(settings).toEqual([
      ['core.excludesfile', join(home, '.config', 'git', 'ignore')],
      ['filter.lfs.clean', 'git-lfs clean -- %f'],
      ['safe.directory', '/src'],
    ]);
  });

  test('never takes over the configuration of a repository', async () => {
    const directory = join(home, 'repository');
    mkdirSync(directory);
    await mustRun(gitCommand(['init', '--quiet'], { directory, timeoutSeconds: 30 }));
    writeFileSync(join(directory, '.git', 'config'), '[credential]\n\thelper = evil\n');
    for (const redirected of [
      { GIT_DIR: join(directory, '.git') },
      { GIT_CONFIG: join(directory, '.git', 'config') },
    ]) {
      expect((await readUserGitSettings('credentials', configured('', redirected))).settings).toEqual([]);
    }
  });

  test('with the settings of the user also sees their home and environment, for helpers, but no other GIT_ variable', () => {
    const user = { settings: [['credential.helper', 'store']] as const, variables: { GIT_ASKPASS: '/ask' } };
    const environment = gitEnvironment(
      { user },
      { HOME: '/home/me', AWS_PROFILE: 'me', GIT_DIR: '/x', GIT_TRACE: '1' },
    );
    expect(environment).toMatchObject({
      HOME: '/home/me',
      AWS_PROFILE: 'me',
      GIT_ASKPASS: '/ask',
      GIT_CONFIG_GLOBAL: '/dev/null',
    });
    expect(environment).not.toHaveProperty('GIT_DIR');
    expect(environment).not.toHaveProperty('GIT_TRACE');
  });
});
