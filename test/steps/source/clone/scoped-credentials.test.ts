import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scopedCredentials } from '../../../../lib/steps/source/clone/scoped-credentials';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'bowline-scoped-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const scoped = (url: string, config: string, environment = {}) => {
  writeFileSync(join(home, '.gitconfig'), config);
  return scopedCredentials(url, {
    PATH: process.env.PATH,
    HOME: home,
    XDG_CONFIG_HOME: home,
    GIT_CONFIG_NOSYSTEM: '1',
    ...environment,
  });
};

test('helpers, headers and cookies for all hosts become those of the host of the source', async () => {
  const { settings } = await scoped(
    'https://git.example.com:8443/acme/shop.git',
    '[credential]\n\thelper =\n\thelper = job\n\tUseHttpPath = true\n[http]\n\textraHeader = Authorization: x\n\tcookieFile = jar\n',
  );
  expect(settings).toEqual([
    ['credential.https://git.example.com:8443.helper', ''],
    ['credential.https://git.example.com:8443.helper', 'job'],
    ['credential.https://git.example.com:8443.usehttppath', 'true'],
    ['http.https://git.example.com:8443.extraheader', 'Authorization: x'],
    ['http.https://git.example.com:8443.cookiefile', 'jar'],
  ]);
});

test('what belongs to a host stays, and so do authorities and proxies', async () => {
  const { settings } = await scoped(
    'https://git.example.com/acme/shop.git',
    '[credential "https://other.example.com"]\n\thelper = other\n[http]\n\tsslCAInfo = /ca.pem\n\tproxy = http://proxy\n',
  );
  expect(settings).toEqual([
    ['credential.https://other.example.com.helper', 'other'],
    ['http.sslcainfo', '/ca.pem'],
    ['http.proxy', 'http://proxy'],
  ]);
});

test('programs that ask a person are left out, and so is everything for a source without a host', async () => {
  const program = '[core]\n\taskPass = ask\n\tsshCommand = ssh -x\n[credential]\n\thelper = job\n';
  const { settings, variables } = await scoped('', program, { GIT_ASKPASS: 'ask', GIT_SSH_COMMAND: 'ssh' });
  expect(settings).toEqual([]);
  expect(variables).toEqual({});
});
