import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { registerHistory } from '../../lib/cli/commands/history';
import { registerPublish } from '../../lib/cli/commands/publish';
import { registerReleases } from '../../lib/cli/commands/releases';
import { registerRollback } from '../../lib/cli/commands/rollback';
import { promoteToLedger } from '../../lib/steps/gitops/promote-to-ledger';
import { BareLedger, digestNamed, fakeRenderer, releaseOf } from '../ledger/fixtures';

const catalog = join(__dirname, '../../catalog');

describe('the commands of the ledger', () => {
  let ledger: BareLedger;
  let cache: string;
  let out: string;
  let err: string;
  const exitCode = process.exitCode;

  beforeEach(() => {
    ledger = new BareLedger();
    cache = mkdtempSync(join(tmpdir(), 'bowline-test-'));
    process.env.BOWLINE_LEDGER_CACHE = cache;
    out = '';
    err = '';
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
      out += String(text);
      return true;
    });
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
      err += String(text);
      return true;
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    delete process.env.BOWLINE_LEDGER_CACHE;
    process.exitCode = exitCode;
    rmSync(cache, { recursive: true, force: true });
    ledger.remove();
  });

  async function bowline(...args: string[]): Promise<number> {
    const program = new Command('bowline').exitOverride();
    registerPublish(program);
    registerRollback(program);
    registerHistory(program);
    registerReleases(program);
    process.exitCode = 0;
    await program.parseAsync(args.includes('--') ? args : [...args, '--ledger', ledger.path], { from: 'user' });
    return Number(process.exitCode);
  }

  const promote = (service: string, name: string) =>
    promoteToLedger({
      ledger: { repository: ledger.path },
      release: releaseOf(service, 'dev', name),
      renderer: fakeRenderer(),
    });

  test('releases lists what runs, of all services or of the named ones, and a service that does not run is bad input', async () => {
    expect(await bowline('releases')).toBe(0);
    expect(out).toBe('the ledger has no release: it has no commits\n');
    ledger.publish('dev', 'shop', 'pay');
    await promote('shop', 'one');
    await promote('pay', 'two');
    out = '';
    expect(await bowline('releases')).toBe(0);
    expect(out).toMatch(/^ENVIRONMENT +SERVICE +IMAGE\ndev +pay +[0-9a-f]{12}\ndev +shop +[0-9a-f]{12}\n$/);
    out = '';
    expect(await bowline('releases', 'shop', '--json')).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      releases: [{ environment: 'dev', service: 'shop', image: expect.stringContaining(digestNamed('one')) }],
    });
    expect(await bowline('releases', 'nosuch')).toBe(3);
    expect(await bowline('releases', 'shop', '--env', 'prod')).toBe(3);
    expect(err).toContain('the ledger has no environment prod (known: none)');
    ledger.write({ 'environments/prod.json': '{}' });
    expect(await bowline('releases', 'shop', '--env', 'prod')).toBe(3);
    expect(err).toContain('the ledger has no release of shop in prod');
    out = '';
    expect(await bowline('releases', '--env', 'prod')).toBe(0);
    expect(out).toMatch(/^the ledger has no release in prod at /);
    expect(await bowline('releases', '--env', 'prd')).toBe(3);
    expect(err).toContain('the ledger has no environment prd (known: prod)');
  });

  test('a release that cannot be read is listed as such, and is inconclusive', async () => {
    ledger.publish('dev', 'shop');
    await promote('shop', 'one');
    ledger.write({ 'releases/prod/shop.json': '{' });
    out = '';
    expect(await bowline('releases')).toBe(1);
    expect(out).toMatch(/^dev +shop +[0-9a-f]{12}$/m);
    expect(out).toMatch(/^prod +shop +unreadable-release: /m);
  });

  test('history shows a table that marks the present release', async () => {
    ledger.publish('dev', 'hello');
    await promote('hello', 'one');
    await promote('hello', 'two');
    expect(await bowline('history', 'hello', '--env', 'dev')).toBe(0);
    const [head, first, second, third] = out.split('\n');
    expect(head).toMatch(/WHEN +CHANGE +IMAGE +SOURCE +LEDGER/);
    expect(first).toMatch(
      new RegExp(
        `^\\* .* promote +${digestNamed('two').slice(7, 19)} +acme/hello@[0-9a-f]{12} +${ledger.head().slice(0, 12)}$`,
      ),
    );
    expect(second).toMatch(new RegExp(`^ .* promote +${digestNamed('one').slice(7, 19)}`));
    expect(third).toContain('by A person');
  });

  test('history --json gives the total beside the limited entries', async () => {
    ledger.publish('dev', 'hello');
    await promote('hello', 'one');
    await promote('hello', 'two');
    await bowline('history', 'hello', '--env', 'dev', '--limit', '1', '--json');
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      service: 'hello',
      environment: 'dev',
      total: 3,
      entries: [{ image: digestNamed('two'), change: 'promote', current: true, commit: ledger.head() }],
    });
  });

  test.each(['0', 'all', '-1', '1.5'])('history rejects --limit %s', async (limit) => {
    expect(await bowline('history', 'hello', '--env', 'dev', `--limit=${limit}`)).toBe(3);
    expect(err).toContain('--limit: must be a whole number above 0');
  });

  test.each(['../x', 'Hello', 'a b', '--output=x'])('a service named %j is bad input, with a message', async (name) => {
    expect(await bowline('history', '--env', 'dev', '--json', '--ledger', ledger.path, '--', name)).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ ok: false, code: 'bad-name' });
    expect(err).toContain('the name of a service must start with a lowercase letter');
  });

  test('--env is mandatory', async () => {
    await expect(bowline('history', 'hello')).rejects.toMatchObject({ code: 'commander.missingMandatoryOptionValue' });
  });

  describe('with the real renderer', () => {
    test('publish, promote, roll back and publish again', async () => {
      expect(await bowline('publish', '--catalog', catalog, '--json')).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ ok: true, changed: true, commit: ledger.head() });
      expect(err).toContain('created    hello (dev, unreleased; prod, unreleased)');
      const { renderer } = await import('../../charts/render');
      for (const name of ['one', 'two']) {
        const release = releaseOf('hello', 'dev', name);
        const result = await promoteToLedger({ ledger: { repository: ledger.path }, release, renderer });
        expect(result).toMatchObject({ ok: true, changed: true, notes: [] });
      }
      // The one-line edit of a release: its file, and the digest line of the manifest.
      const changed = ledger.git('diff', '--numstat', 'main^', 'main').split('\n');
      expect(changed.filter((line) => line.endsWith('.yaml'))).toEqual(['1\t1\tmanifests/dev/hello/deployment.yaml']);
      expect(await bowline('rollback', 'hello', '--env', 'dev')).toBe(0);
      expect(err).toContain(`rolled back from ${digestNamed('two')} to ${digestNamed('one')}`);
      expect(ledger.git('diff', '--name-only', 'main~2', 'main')).toBe('');
      out = '';
      expect(await bowline('publish', '--catalog', catalog, '--json')).toBe(0);
      expect(JSON.parse(out)).toMatchObject({ changed: false, notes: [] });
      expect(await bowline('rollback', 'hello', '--env', 'dev')).toBe(2);
      expect(err).toContain('the history has no earlier release');
    });
  });
});
