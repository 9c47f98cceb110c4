import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clonesFolder, resolveLedger } from '../../lib/cli/ledger-location';
import { history } from '../../lib/steps/gitops/history';
import { promoteToLedger } from '../../lib/steps/gitops/promote-to-ledger';
import { rollback } from '../../lib/steps/gitops/rollback';
import { BareLedger, digestNamed, fakeRenderer, releaseOf } from '../ledger/fixtures';
import { HttpLedger } from '../ledger/http-ledger';

describe('clones of the ledger', () => {
  test('are kept for a person, and where BOWLINE_LEDGER_CACHE says', () => {
    expect(clonesFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/bowline/ledgers');
    expect(clonesFolder({ XDG_CACHE_HOME: '/c', CI: '' })).toBe('/c/bowline/ledgers');
    expect(clonesFolder({ XDG_CACHE_HOME: '/c', CI: 'false' })).toBe('/c/bowline/ledgers');
    // The local run sets both, because its state folder outlives the job.
    expect(clonesFolder({ CI: 'true', CODEBUILD_BUILD_ID: 'acme-promote:1', BOWLINE_LEDGER_CACHE: '/state' })).toBe(
      '/state',
    );
  });

  test.each([{ CODEBUILD_BUILD_ID: 'acme-promote:1' }, { CI: 'true' }, { CI: '1' }])(
    'are not kept in a job: %j',
    (job) => {
      expect(clonesFolder({ XDG_CACHE_HOME: '/c', ...job })).toBeUndefined();
    },
  );
});

describe('a job', () => {
  let ledger: BareLedger;
  let server: HttpLedger;
  let url: string;
  let home: string;
  let saved: NodeJS.ProcessEnv;
  beforeEach(async () => {
    saved = { ...process.env };
    home = mkdtempSync(join(tmpdir(), 'bowline-test-'));
    Object.assign(process.env, { CODEBUILD_BUILD_ID: 'acme-promote:1', HOME: home, XDG_CACHE_HOME: home });
    delete process.env.BOWLINE_LEDGER_CACHE;
    ledger = new BareLedger();
    ledger.publish('dev', 'hello');
    for (let index = 0; index < 30; index++) {
      ledger.write({ 'platform/dev/note.yaml': `${index} ${'x'.repeat(5000)}${Math.random()}\n` });
    }
    server = new HttpLedger(ledger);
    url = await server.start();
  });
  afterEach(async () => {
    process.env = saved;
    await server.stop();
    ledger.remove();
    rmSync(home, { recursive: true, force: true });
  });

  const renderer = fakeRenderer();
  const location = async () => (await resolveLedger(url, 'main', 'push')).location;
  const promote = async (name: string) =>
    promoteToLedger({ ledger: await location(), release: releaseOf('hello', 'dev', name), renderer });

  test('promotes with a clone of one commit, and leaves nothing behind', async () => {
    const bodies: Buffer[] = [];
    server.intercept = (request) => {
      request.on('data', (chunk: Buffer) => bodies.push(chunk));
      return false;
    };
    expect(await promote('one')).toMatchObject({ ok: true, changed: true, attempts: 1 });
    // The length of the next line follows, in four hexadecimal digits (gitprotocol-common(5)).
    expect(Buffer.concat(bodies).toString('latin1')).toMatch(/deepen 1[0-9a-f]{4}/);
    expect(readdirSync(home)).toEqual([]);
  });

  test('rolls back and reads the history, which it fetches for that', async () => {
    await promote('one');
    await promote('two');
    const states = await history({ ledger: await location(), service: 'hello', environment: 'dev' });
    expect(states.map(({ image }) => image)).toEqual([digestNamed('two'), digestNamed('one'), undefined]);
    const back = await rollback({ ledger: await location(), service: 'hello', environment: 'dev', renderer });
    expect(back).toMatchObject({ changed: true, to: digestNamed('one') });
    expect(ledger.git('rev-list', '--count', 'main')).toBe('34');
    expect(readdirSync(home)).toEqual([]);
  });
});
