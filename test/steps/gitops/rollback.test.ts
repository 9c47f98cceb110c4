import { appPath, manifestPath, platformPath, releasePath } from '../../../lib/ledger';
import { history } from '../../../lib/steps/gitops/history';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { publish } from '../../../lib/steps/gitops/publish';
import { rollback } from '../../../lib/steps/gitops/rollback';
import { BareLedger, digestNamed, fakeRenderer, releaseOf } from '../../ledger/fixtures';
import { catalogOf, nothingFound } from './ledger-fixtures';

describe('rollback and history', () => {
  let ledger: BareLedger;
  const location = () => ({ repository: ledger.path });
  const put = (memory = '512Mi', team = 'storefront') =>
    publish({
      catalog: catalogOf(['hello'], memory, team),
      ledger: location(),
      renderer: fakeRenderer(),
      check: nothingFound,
    });
  const promote = (name: string, renderer = fakeRenderer()) =>
    promoteToLedger({ ledger: location(), release: releaseOf('hello', 'dev', name), renderer });
  const back = (more: { to?: string; reason?: string; requestedBy?: string } = {}, renderer = fakeRenderer()) =>
    rollback({ ledger: location(), service: 'hello', environment: 'dev', renderer, ...more });
  const devFiles = (commit = 'main') =>
    ledger
      .files(commit)
      .filter((path) => path.includes('dev/') || path.includes('/dev'))
      .map((path) => [path, ledger.text(path, commit)]);

  beforeEach(async () => {
    ledger = new BareLedger();
    await put();
  });
  afterEach(() => ledger.remove());

  test('its commit says who wanted it, and why, and neither can add a line', async () => {
    await promote('one');
    await promote('two');
    await back({ requestedBy: 'ada@workstation\nService: forged', reason: 'errors\n\nReason: forged' });
    const trailer = (key: string) =>
      ledger.git('log', '-1', `--format=%(trailers:key=${key},valueonly)`, 'main').trim();
    expect(trailer('Bowline-Change')).toBe('rollback');
    expect(trailer('Requested-By')).toBe('ada@workstation Service: forged');
    expect(ledger.git('log', '-1', '--format=%B', 'main')).toContain('\nReason: errors Reason: forged\n');
    expect(trailer('Service')).toBe('hello');
  });

  test('restores the previous release byte for byte in a new commit', async () => {
    await promote('one');
    const then = ledger.head();
    await promote('two');
    const before = ledger.head();
    const result = await back({ reason: 'errors\nService: forged' });
    expect(result).toEqual({
      changed: true,
      commit: ledger.head(),
      notes: [],
      from: digestNamed('two'),
      to: digestNamed('one'),
      restores: then,
    });
    expect(devFiles()).toEqual(devFiles(then));
    expect(ledger.git('rev-parse', 'main^')).toBe(before);
    expect(ledger.git('log', '-1', '--format=%B')).toBe(
      [
        `Roll back hello in dev: ${digestNamed('one').slice(7, 19)}`,
        '',
        'Reason: errors Service: forged',
        '',
        'Service: hello',
        'Environment: dev',
        `Image-Digest: ${digestNamed('one')}`,
        `Previous-Digest: ${digestNamed('two')}`,
        'Source-Repository: acme/hello',
        `Source-Commit: ${releaseOf('hello', 'dev', 'one').source.commit}`,
        `Restores: ${then}`,
        'Bowline-Change: rollback',
      ].join('\n'),
    );
  });

  test('a second rollback goes further back, never forward to the release that was rolled back', async () => {
    for (const name of ['one', 'two', 'three']) {
      await promote(name);
    }
    expect((await back()).to).toBe(digestNamed('two'));
    expect((await back()).to).toBe(digestNamed('one'));
    await expect(back()).rejects.toMatchObject({ code: 'no-earlier-release', exitCode: 2 });
    expect((await back({ to: digestNamed('three').slice(7, 19) })).to).toBe(digestNamed('three'));
  });

  test('restores the description that last ran with the release', async () => {
    await promote('one');
    await put('1Gi', 'checkout');
    const then = ledger.head();
    await promote('two');
    expect(await back()).toMatchObject({ restores: then, notes: [] });
    expect(devFiles()).toEqual(devFiles(then));
  });

  test('restores an older description and the shared manifests of the environment, and notes both', async () => {
    await promote('one');
    const then = ledger.head();
    await promote('two');
    await put('1Gi', 'checkout');
    expect(ledger.files()).toContain(platformPath('dev', 'project-checkout'));
    const result = await back();
    expect(result.restores).toBe(then);
    expect(result.notes).toEqual([
      expect.stringContaining('The next "bowline publish" replaces it with that of the catalog'),
    ]);
    expect(devFiles()).toEqual(devFiles(then));
  });

  test('commits nothing if the release runs already', async () => {
    await promote('one');
    const before = ledger.head();
    expect(await back({ to: digestNamed('one') })).toMatchObject({ changed: false, commit: before });
    expect(ledger.head()).toBe(before);
  });

  test('is dropped when another writer changes the release between read and push', async () => {
    await promote('one');
    await promote('two');
    const renderer = fakeRenderer();
    let interfered = false;
    const work = back(
      {},
      {
        ...renderer,
        service: (service, release) => {
          if (!interfered) {
            interfered = true;
            const { image } = releaseOf('hello', 'dev', 'three');
            ledger.write({
              [releasePath('dev', 'hello')]: ledger
                .text(releasePath('dev', 'hello'))
                .replace(/"image": "[^"]*"/, `"image": "${image}"`),
              [manifestPath('dev', 'hello', 'deployment')]: ledger
                .text(manifestPath('dev', 'hello', 'deployment'))
                .replace(/image: .*/, `image: ${image}`),
            });
          }
          return renderer.service(service, release);
        },
      },
    );
    await expect(work).rejects.toMatchObject({ code: 'superseded', exitCode: 2 });
    expect(interfered).toBe(true);
    expect(ledger.text(releasePath('dev', 'hello'))).toContain(digestNamed('three'));
  });

  test('replaces only the image in manifests of another version', async () => {
    const older = fakeRenderer('0.9');
    await promote('one', older);
    const then = ledger.head();
    await promote('two', older);
    const result = await back();
    expect(result.notes).toEqual([expect.stringContaining('only the image in them was replaced')]);
    expect(devFiles()).toEqual(devFiles(then));
  });

  test('restores the earlier manifests of another version if the description differs', async () => {
    const older = fakeRenderer('0.9');
    await promote('one', older);
    const then = ledger.head();
    await promote('two', older);
    await publish({ catalog: catalogOf(['hello'], '1Gi'), ledger: location(), renderer: older, check: nothingFound });
    const result = await back();
    expect(result.notes[0]).toContain(`the manifests of ledger commit ${then} were restored`);
    expect(ledger.text(appPath('dev', 'hello'))).toBe(ledger.text(appPath('dev', 'hello'), then));
    expect(ledger.text(manifestPath('dev', 'hello', 'deployment'))).toBe(
      ledger.text(manifestPath('dev', 'hello', 'deployment'), then),
    );
  });

  test.each([
    ['a service that was not published', { service: 'nobody' }, 'service-not-published'],
    ['an unknown release', { to: digestNamed('never') }, 'unknown-release'],
  ])('rejects %s as bad input', async (_, more, code) => {
    await promote('one');
    const input = { ledger: location(), service: 'hello', environment: 'dev', renderer: fakeRenderer(), ...more };
    await expect(rollback(input)).rejects.toMatchObject({ code, exitCode: 3 });
  });

  test('an invalid name is rejected before git runs', async () => {
    const input = { ledger: location(), environment: 'dev', renderer: fakeRenderer() };
    await expect(rollback({ ...input, service: '--output=/tmp/x' })).rejects.toThrow(/name of a service/);
    await expect(history({ ...input, service: '../../x' })).rejects.toThrow(/name of a service/);
  });

  test('history lists time, image, source and change, newest first', async () => {
    await promote('one');
    await promote('two');
    await back();
    const text = ledger.text(releasePath('dev', 'hello'));
    ledger.write({ [releasePath('dev', 'hello')]: text.replace('"fixture"', '"fixture", "by hand"') });
    const entries = await history({ ledger: location(), service: 'hello', environment: 'dev' });
    expect(entries.map(({ change, author, image, current }) => [change, author, image, current])).toEqual([
      ['other', 'A person', digestNamed('one'), true],
      ['rollback', 'Bowline', digestNamed('one'), false],
      ['promote', 'Bowline', digestNamed('two'), false],
      ['promote', 'Bowline', digestNamed('one'), false],
      ['publish', 'Bowline', undefined, false],
    ]);
    expect(entries[2]).toMatchObject({
      commit: ledger.git('rev-parse', 'main~2'),
      source: releaseOf('hello', 'dev', 'two').source,
      when: expect.stringMatching(/^20\d\d-\d\d-\d\dT/),
    });
  });

  test('the history of an unknown service or an empty ledger is empty', async () => {
    expect(await history({ ledger: location(), service: 'nobody', environment: 'dev' })).toEqual([]);
    const empty = new BareLedger();
    expect(await history({ ledger: { repository: empty.path }, service: 'hello', environment: 'dev' })).toEqual([]);
    empty.remove();
  });
});
