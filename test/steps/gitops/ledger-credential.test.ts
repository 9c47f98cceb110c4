import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeCommitLogin } from '../../../lib/aws';
import { proposalBranch } from '../../../lib/ledger';
import { type LedgerCredential, type LedgerUse, ledgerAccess } from '../../../lib/steps/gitops/ledger-credential';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { BareLedger, fakeRenderer, releaseOf } from '../../ledger/fixtures';
import { HttpLedger } from '../../ledger/http-ledger';
import { FakeGitHub } from './git-host/fake-github';

const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'a+token/=' };
const release = releaseOf('hello', 'dev', 'one');

describe('the credential of a promotion', () => {
  let github: FakeGitHub;
  let ledger: BareLedger;
  let http: HttpLedger;
  let repository: string;
  let authorizations: (string | undefined)[];

  beforeEach(async () => {
    github = new FakeGitHub();
    await github.start();
    ledger = new BareLedger();
    ledger.publish('dev', 'hello');
    http = new HttpLedger(ledger);
    authorizations = [];
    http.intercept = (request, response) => {
      authorizations.push(request.headers.authorization);
      if (github.mayWrite(request.headers.authorization, 'ledger')) {
        return false;
      }
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
      return true;
    };
    // Like the address of a git host: owner and name in the path.
    repository = (await http.start()).replace('/ledger.git', '/acme/ledger.git');
    const serve = http.intercept;
    http.intercept = (request, response) => {
      request.url = request.url?.replace('/acme/', '/');
      return serve(request, response);
    };
  });
  afterEach(async () => {
    await http.stop();
    await github.stop();
    ledger.remove();
  });

  const access = (use: LedgerUse = 'push', more: Partial<Extract<LedgerCredential, { kind: 'github-app' }>> = {}) =>
    ledgerAccess({
      credential: {
        kind: 'github-app',
        appId: github.appId,
        installationId: github.installationId,
        secret: 'acme/github-app',
        api: github.url,
        ...more,
      },
      repository,
      use,
      aws: () => ({ region: 'eu-west-1', endpoint: github.url, credentials: async () => credentials }),
      now: new Date(),
    });
  const promote = async (use: LedgerUse = 'push') => {
    const { config, host } = await access(use);
    return promoteToLedger({
      ledger: { repository, config },
      release,
      renderer: fakeRenderer(),
      pullRequestHost: host,
    });
  };

  test('is a token for the ledger only, with permission to write contents only', async () => {
    expect(await promote()).toMatchObject({ ok: true, changed: true, commit: ledger.head() });
    expect([...github.grants.values()]).toEqual([{ repositories: ['ledger'], permissions: { contents: 'write' } }]);
    expect(authorizations.filter((header) => header === undefined)).toEqual([]);
  });

  test.each<readonly [LedgerUse, object]>([
    ['read', { contents: 'read' }],
    ['push', { contents: 'write' }],
    ['pull-request', { contents: 'write', pull_requests: 'write' }],
  ])('a job that is to %s gets no more than that', async (use, permissions) => {
    const { host } = await access(use);
    expect([...github.grants.values()]).toEqual([{ repositories: ['ledger'], permissions }]);
    expect(host !== undefined).toBe(use === 'pull-request');
  });

  test('is in no command line, in no file, and in no error message', async () => {
    const { config } = await access();
    const [token = ''] = [...github.grants.keys()];
    const basic = Buffer.from(`x-access-token:${token}`).toString('base64');
    const cache = mkdtempSync(join(tmpdir(), 'bowline-test-'));
    const seen: string[] = [];
    const serve = http.intercept;
    http.intercept = (request, response) => {
      for (const process of readdirSync('/proc').filter((name) => /^[0-9]+$/.test(name))) {
        try {
          seen.push(readFileSync(`/proc/${process}/cmdline`, 'utf8'));
        } catch {
          // The process has ended.
        }
      }
      return serve(request, response);
    };
    try {
      await promoteToLedger({ ledger: { repository, config, cache }, release, renderer: fakeRenderer() });
      expect(seen.some((line) => line.includes('git-remote-http') || line.includes('fetch'))).toBe(true);
      expect(seen.filter((line) => line.includes(token) || line.includes(basic))).toEqual([]);
      const files = readdirSync(cache, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const texts = files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'));
      expect(texts.filter((text) => text.includes(token) || text.includes(basic))).toEqual([]);
      github.grants.clear();
      const failure = await promoteToLedger({
        ledger: { repository, config },
        release: releaseOf('hello', 'dev', 'two'),
        renderer: fakeRenderer(),
      }).catch((error: unknown) => String(error));
      expect(failure).toContain('cannot read the ledger');
      expect(failure).not.toContain(token);
      expect(failure).not.toContain(basic);
    } finally {
      rmSync(cache, { recursive: true, force: true });
    }
  });

  test('as a pull request: pushes its own branch, and the branch of the ledger does not change before the merge', async () => {
    const before = ledger.head();
    const branch = proposalBranch(release);
    const result = await promote('pull-request');
    expect(result).toMatchObject({
      ok: true,
      changed: true,
      commit: ledger.git('rev-parse', branch),
      pullRequest: { number: 1, url: 'https://github.com/acme/ledger/pull/1', opened: true },
    });
    expect(ledger.head()).toBe(before);
    expect(ledger.git('rev-parse', `${branch}^`)).toBe(before);
    expect(branch).toMatch(/^bowline\/dev\/hello\/[0-9a-f]{12}$/);
    expect([...github.grants.values()][0]?.permissions).toEqual({ contents: 'write', pull_requests: 'write' });
  });

  test('as a pull request: the same release again commits nothing and opens nothing', async () => {
    await promote('pull-request');
    const tip = ledger.git('rev-parse', proposalBranch(release));
    expect(await promote('pull-request')).toMatchObject({
      changed: false,
      commit: tip,
      pullRequest: { number: 1, opened: false },
    });
    expect(github.pulls).toHaveLength(1);
  });

  test('as a pull request: the next run opens it when an earlier run stopped after the push', async () => {
    await promote('pull-request');
    github.pulls.length = 0;
    expect(await promote('pull-request')).toMatchObject({ changed: false, pullRequest: { opened: true } });
  });

  test('as a pull request: reuses the one that a concurrent run opens', async () => {
    github.beforeOpening = () => {
      github.beforeOpening = () => undefined;
      github.open(proposalBranch(release), 'main');
    };
    expect(await promote('pull-request')).toMatchObject({ pullRequest: { number: 1, opened: false } });
  });

  test('as a pull request: does not reopen a closed one', async () => {
    await promote('pull-request');
    Object.assign(github.pulls[0] ?? {}, { state: 'closed' });
    await expect(promote('pull-request')).rejects.toMatchObject({ code: 'proposal-closed', exitCode: 2 });
  });

  test('as a pull request: opens none for a release that was merged', async () => {
    await promote('pull-request');
    ledger.git('update-ref', 'refs/heads/main', proposalBranch(release));
    Object.assign(github.pulls[0] ?? {}, { state: 'closed', merged_at: new Date().toISOString() });
    const again = await promote('pull-request');
    expect(again).toMatchObject({ ok: true, changed: false, commit: ledger.head() });
    expect(again).not.toHaveProperty('pullRequest');
  });

  test.each([
    ['another key', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'git-credential-refused'],
    ['no RSA key', () => generateKeyPairSync('ed25519').privateKey, 'bad-private-key'],
  ])('rejects %s in the secret, and the message shows nothing of it', async (_, made, code) => {
    github.secret = made().export({ type: 'pkcs8', format: 'pem' }).toString();
    const error = await access().catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code });
    expect(String(error)).not.toContain(github.secret.split('\n')[1]);
  });

  test('rejects a missing secret and one that is not a key', async () => {
    github.secret = 'hunter2';
    const error = await access().catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'bad-private-key', exitCode: 3 });
    expect(String(error)).not.toContain('hunter2');
    github.secret = undefined;
    await expect(access()).rejects.toMatchObject({ code: 'git-credential-refused', exitCode: 2 });
  });

  test('a host that does not respond is inconclusive', async () => {
    await expect(access('push', { api: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      code: 'git-host-unreachable',
      exitCode: 1,
    });
  });
});

test.each(['http://git.example/acme/ledger.git', 'file:///srv/ledger.git', 'git@github.com:acme/ledger.git'])(
  'a credential is not sent to %s',
  async (repository) => {
    const access = ledgerAccess({
      credential: { kind: 'codecommit' },
      repository,
      use: 'push',
      aws: () => ({ region: 'eu-west-1', credentials: async () => credentials }),
      now: new Date(),
    });
    await expect(access).rejects.toMatchObject({ code: 'bad-ledger-address', exitCode: 3 });
  },
);

describe('CodeCommit', () => {
  const url = new URL('https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger');

  test('creates the same user name and password as `aws codecommit credential-helper` (botocore)', () => {
    const keys = {
      ...credentials,
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    };
    expect(codeCommitLogin(url, 'eu-west-1', keys, new Date('2026-11-24T15:00:00.123Z'))).toEqual({
      username: 'AKIDEXAMPLE%a+token/=',
      password: '20261124T150000Z647f428086f0379cf4008d06edb780fc6f3b4c92099857eceac5ab5aac78e4a3',
    });
  });

  test('is signed for the region of its host, and for this repository only', async () => {
    const regions: (string | undefined)[] = [];
    const { config } = await ledgerAccess({
      credential: { kind: 'codecommit' },
      repository: url.href,
      use: 'push',
      aws: (region) => {
        regions.push(region);
        return { region: region ?? '', credentials: async () => credentials };
      },
      now: new Date(),
    });
    expect(regions).toEqual(['eu-west-1']);
    expect(Object.keys(config)).toEqual([`http.${url.href}.extraHeader`, 'http.followRedirects', 'credential.helper']);
    expect(JSON.stringify(config)).not.toContain(credentials.secretAccessKey);
  });
});
