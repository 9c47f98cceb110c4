import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
  changeLedger,
  type Decision,
  LedgerError,
  LedgerRepository,
  releasePath,
  serializeReleaseFile,
  servicePath,
} from '../../../lib/ledger';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { BareLedger, digestNamed, fakeRenderer, releaseOf } from '../fixtures';
import { HttpLedger } from '../http-ledger';

const root = join(__dirname, '../../..');
const path = 'platform/dev/note.yaml';
const note = (text: string): Decision<undefined> => ({
  kind: 'write',
  files: new Map([[path, text]]),
  deletes: [],
  message: { subject: 'Note', trailers: {} },
  notes: [],
  detail: undefined,
});

describe('the repository of the ledger', () => {
  let ledger: BareLedger;
  beforeEach(() => {
    ledger = new BareLedger();
    ledger.publish('dev', 'hello', 'shop', 'cart', 'mail');
  });
  afterEach(() => ledger.remove());

  const promote = (service: string, name: string, repository = ledger.path, cache?: string) =>
    promoteToLedger({
      ledger: { repository, ...(cache === undefined ? {} : { cache }) },
      release: releaseOf(service, 'dev', name),
      renderer: fakeRenderer(),
    });

  const hook = (name: string, script: string) => {
    const file = join(ledger.path, 'hooks', name);
    mkdirSync(join(ledger.path, 'hooks'), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
  };

  const writer = (cache: string, service: string, name: string): ChildProcess =>
    spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'writer.ts'), ledger.path, cache, service, name], {
      cwd: root,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const waitForExit = (child: ChildProcess) => new Promise<number | null>((done) => child.on('close', done));

  test('concurrent writers that share a cached clone all succeed, and every push is a fast-forward', async () => {
    // The hook sees every push. A forced push would not contain the old tip.
    hook(
      'pre-receive',
      `while read old new ref; do git merge-base --is-ancestor "$old" "$new" && echo forward >> pushes || echo forced >> pushes; done`,
    );
    const cache = join(ledger.root, 'cache');
    const start = ledger.head();
    const codes = await Promise.all(
      ['hello', 'shop', 'cart', 'mail'].map((service) => waitForExit(writer(cache, service, 'one'))),
    );
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(ledger.git('rev-list', '--count', '--first-parent', `${start}..main`)).toBe('4');
    for (const service of ['hello', 'shop', 'cart', 'mail']) {
      expect(ledger.text(releasePath('dev', service))).toBe(serializeReleaseFile(releaseOf(service, 'dev', 'one')));
    }
    const pushes = readFileSync(join(ledger.path, 'pushes'), 'utf8').trim().split('\n');
    expect(pushes.length).toBeGreaterThanOrEqual(4);
    expect(pushes).not.toContain('forced');
    expect(readdirSync(cache).filter((name) => name.startsWith('new-'))).toEqual([]);
  });

  test('killing a writer during its push leaves the ledger unchanged, and the next writer succeeds', async () => {
    hook('pre-receive', 'touch arrived; sleep 20');
    const cache = join(ledger.root, 'cache');
    const before = ledger.head();
    const child = writer(cache, 'hello', 'one');
    const end = waitForExit(child);
    for (let tries = 0; !existsSync(join(ledger.path, 'arrived')) && tries < 400; tries++) {
      await wait(50);
    }
    expect(existsSync(join(ledger.path, 'arrived'))).toBe(true);
    process.kill(-(child.pid as number), 'SIGKILL');
    await end;
    expect(ledger.head()).toBe(before);
    expect(ledger.git('fsck', '--strict', '--no-dangling')).toBe('');
    hook('pre-receive', 'exit 0');
    expect(await promote('hello', 'one', ledger.path, cache)).toMatchObject({ ok: true, changed: true, attempts: 1 });
  });

  test('reads and decides again when the ledger moves, and drops a change that no longer applies', async () => {
    const repository = await LedgerRepository.open({ repository: ledger.path });
    const seen: (string | undefined)[] = [];
    const result = await changeLedger(repository, ['platform/dev/'], (head) => {
      const text = head.files.get(path);
      seen.push(text);
      if (seen.length === 1) {
        ledger.write({ [path]: 'theirs\n' });
        return note('ours\n');
      }
      return { kind: 'nothing', reason: `it contains ${text}`, notes: [], detail: undefined };
    });
    await repository.close();
    expect(seen).toEqual([undefined, 'theirs\n']);
    expect(result).toMatchObject({ ok: true, changed: false, commit: ledger.head(), reason: 'it contains theirs\n' });
    expect(ledger.text(path)).toBe('theirs\n');
  });

  test('a promotion is refused if the service is removed during the promotion', async () => {
    const renderer = fakeRenderer();
    let first = true;
    const result = await promoteToLedger({
      ledger: { repository: ledger.path },
      release: releaseOf('hello', 'dev', 'one'),
      renderer: {
        ...renderer,
        service: (service, release) => {
          if (first) {
            first = false;
            ledger.write({ [servicePath('dev', 'hello')]: undefined });
          }
          return renderer.service(service, release);
        },
      },
    });
    expect(result).toMatchObject({ ok: false, code: 'service-not-published' });
    expect(ledger.files().filter((file) => file.includes('hello'))).toEqual([]);
  });

  test('a change that HEAD already contains creates no commit', async () => {
    const before = ledger.write({ [path]: 'same\n' });
    const repository = await LedgerRepository.open({ repository: ledger.path });
    expect(await changeLedger(repository, ['platform/dev/'], () => note('same\n'))).toMatchObject({ changed: false });
    await repository.close();
    expect(ledger.head()).toBe(before);
  });

  test.each(['README.md', '../x', '.github/workflows/x.yaml', 'services/dev/hello.json\nD services', '"quoted"'])(
    'a decision cannot write %j',
    async (bad) => {
      const repository = await LedgerRepository.open({ repository: ledger.path });
      const decision = { ...note(''), files: new Map([[bad, 'x']]) } as Decision<undefined>;
      await expect(changeLedger(repository, ['platform/'], () => decision)).rejects.toThrow(
        'is not a file of the ledger',
      );
      await repository.close();
    },
  );

  test('arbitrary texts are read back unchanged', async () => {
    const text = 'data 3\nabc\u2028 ünïcode 🚢\r\n\0 from 0000\n"done"\ndone\n';
    const repository = await LedgerRepository.open({ repository: ledger.path });
    const message = { subject: 'x\nfrom main', body: ['data <<END'], trailers: { Service: 'a\n\nEnvironment: b' } };
    await changeLedger(repository, ['platform/dev/'], () => ({ ...note(text), message }) as Decision<undefined>);
    expect((await repository.read(['platform/dev/'])).files.get(path)).toBe(text);
    await repository.close();
    expect(ledger.git('log', '-1', '--format=%B')).toBe('x from main\n\ndata <<END\n\nService: a Environment: b');
  });

  test('the commit has the configured identity on one line', async () => {
    const repository = await LedgerRepository.open({
      repository: ledger.path,
      identity: { name: 'Pipeline <x>\ncommitter Eve', email: 'pipeline@example.com>' },
    });
    await changeLedger(repository, [], () => note('x'));
    await repository.close();
    expect(ledger.git('log', '-1', '--format=%an|%ae|%cn|%ce')).toBe(
      'Pipeline x committer Eve|pipeline@example.com|Pipeline x committer Eve|pipeline@example.com',
    );
  });

  test('a rejection by a hook of the ledger is reported with its message and not retried', async () => {
    hook('pre-receive', 'echo tried >> tries; echo "not on Fridays" >&2; exit 1');
    await expect(promote('hello', 'one')).rejects.toThrow(/pre-receive hook declined[\s\S]*not on Fridays/);
    expect(readFileSync(join(ledger.path, 'tries'), 'utf8')).toBe('tried\n');
  });

  test('local hooks and settings have no effect', async () => {
    const home = join(ledger.root, 'home');
    mkdirSync(join(home, 'hooks'), { recursive: true });
    writeFileSync(join(home, 'hooks', 'pre-push'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    writeFileSync(
      join(home, '.gitconfig'),
      `[core]\n hooksPath = ${home}/hooks\n autocrlf = true\n[push]\n gpgSign = true\n followTags = true\n[log]\n showSignature = true\n[commit]\n gpgSign = true\n`,
    );
    const before = { HOME: process.env.HOME, GIT_DIR: process.env.GIT_DIR, GIT_INDEX_FILE: process.env.GIT_INDEX_FILE };
    Object.assign(process.env, { HOME: home, GIT_DIR: '/nowhere', GIT_INDEX_FILE: '/nowhere/index' });
    try {
      expect(await promote('hello', 'one')).toMatchObject({ ok: true, changed: true });
    } finally {
      for (const [name, value] of Object.entries(before)) {
        if (value === undefined) {
          delete process.env[name];
        } else {
          process.env[name] = value;
        }
      }
    }
  });

  test('a symbolic link in the ledger is not followed', async () => {
    writeFileSync(join(ledger.root, 'secret'), '{"version":1}');
    ledger.link(servicePath('dev', 'hello'), join(ledger.root, 'secret'));
    expect(await promote('hello', 'one')).toMatchObject({ ok: false, code: 'service-not-published' });
  });

  test('leaves no files in the temporary folder', async () => {
    const before = process.env.TMPDIR;
    const folder = join(ledger.root, 'tmp');
    mkdirSync(folder);
    process.env.TMPDIR = folder;
    try {
      expect(await promote('hello', 'one')).toMatchObject({ ok: true, changed: true });
    } finally {
      process.env.TMPDIR = before ?? '/tmp';
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test('supports file://, ssh:// and user@host:path', async () => {
    // Replaces ssh: drops the options and the host, and runs the command locally.
    const ssh = join(ledger.root, 'ssh');
    writeFileSync(
      ssh,
      `#!/bin/sh\nwhile [ $# -gt 2 ] || [ "\${1#-}" != "$1" ]; do shift; done\necho "$1" >> ${ledger.root}/hosts\nexec sh -c "$2"\n`,
      { mode: 0o755 },
    );
    const before = process.env.GIT_SSH_COMMAND;
    process.env.GIT_SSH_COMMAND = ssh;
    try {
      expect(await promote('hello', 'one', `file://${ledger.path}`)).toMatchObject({ changed: true });
      expect(await promote('hello', 'two', `ssh://git@ledger.example${ledger.path}`)).toMatchObject({ changed: true });
      expect(await promote('hello', 'three', `git@ledger.example:${ledger.path}`)).toMatchObject({ changed: true });
    } finally {
      if (before === undefined) {
        delete process.env.GIT_SSH_COMMAND;
      } else {
        process.env.GIT_SSH_COMMAND = before;
      }
    }
    expect(new Set(readFileSync(join(ledger.root, 'hosts'), 'utf8').trim().split('\n'))).toEqual(
      new Set(['git@ledger.example']),
    );
    expect(ledger.text(releasePath('dev', 'hello'))).toContain(digestNamed('three'));
  });

  describe('over http', () => {
    let server: HttpLedger;
    let url: string;
    beforeEach(async () => {
      server = new HttpLedger(ledger);
      url = await server.start();
    });
    afterEach(() => server.stop());

    test('reads and writes', async () => {
      expect(await promote('hello', 'one', url)).toMatchObject({ ok: true, changed: true });
      expect(await promote('hello', 'one', url)).toMatchObject({ ok: true, changed: false });
      expect(ledger.text(releasePath('dev', 'hello'))).toContain(digestNamed('one'));
    });

    test('the first read fetches a single commit, not the history', async () => {
      await promote('hello', 'one', url);
      const posts = server.requests.filter((request) => request.startsWith('POST'));
      expect(posts.length).toBeGreaterThan(0);
      const repository = await LedgerRepository.open({ repository: url });
      await repository.read(['services/']);
      expect(await repository.contains(ledger.head(), ledger.git('rev-parse', 'main~1'))).toBe(false);
      await repository.fetchHistory();
      expect(await repository.contains(ledger.head(), ledger.git('rev-parse', 'main~1'))).toBe(true);
      await repository.close();
    });

    test('a temporary server error is retried', async () => {
      let busy = 2;
      server.intercept = (_, response) => {
        if (busy-- > 0) {
          response.writeHead(503).end();
          return true;
        }
        return false;
      };
      expect(await promote('hello', 'one', url)).toMatchObject({ ok: true, changed: true });
    });

    test('a push whose response was lost is recognized as successful and not repeated', async () => {
      server.dropNextResponse = true;
      const before = ledger.head();
      const result = await promote('hello', 'one', url);
      expect(server.dropNextResponse).toBe(false);
      expect(result).toMatchObject({ ok: true, changed: true, commit: ledger.head() });
      expect(ledger.git('rev-list', '--count', `${before}..main`)).toBe('1');
    });

    test('a rejection is reported without the password of the address, and not retried', async () => {
      server.intercept = (_, response) => {
        response.writeHead(403).end();
        return true;
      };
      const secret = url.replace('http://', 'http://bot:s3cret@');
      const error = await promote('hello', 'one', secret).catch((thrown: unknown) => thrown as Error);
      expect(error).toBeInstanceOf(LedgerError);
      expect((error as Error).message).toContain('403');
      expect((error as Error).message).not.toContain('s3cret');
      expect(server.requests).toHaveLength(1);
    });

    test('a header, such as a token, is passed in the environment', async () => {
      const seen: (string | undefined)[] = [];
      server.intercept = (request) => {
        seen.push(request.headers.authorization);
        return false;
      };
      const config = { [`http.${url}.extraHeader`]: 'Authorization: Basic dG9rZW4=' };
      const release = releaseOf('hello', 'dev', 'one');
      await promoteToLedger({ ledger: { repository: url, config }, release, renderer: fakeRenderer() });
      expect(new Set(seen)).toEqual(new Set(['Basic dG9rZW4=']));
    });

    test('a server that does not respond causes a timeout', async () => {
      server.intercept = () => true;
      const repository = await LedgerRepository.open({ repository: url, timeoutSeconds: 1 });
      await expect(repository.read(['services/'])).rejects.toMatchObject({ code: 'unreachable', transient: true });
      await repository.close();
    });
  });
});
