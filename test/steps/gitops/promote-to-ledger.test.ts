import { appPath, manifestPath, releasePath, serializeReleaseFile, servicePath } from '../../../lib/ledger';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { canonicalJson } from '../../../lib/values';
import { BareLedger, digestNamed, fakeRenderer, imageNamed, releaseOf, serviceOf } from '../../ledger/fixtures';

describe('promoteToLedger', () => {
  let ledger: BareLedger;
  const renderer = fakeRenderer();
  const promote = (release: ReturnType<typeof releaseOf>, withRenderer = renderer) =>
    promoteToLedger({ ledger: { repository: ledger.path }, release, renderer: withRenderer });

  beforeEach(() => {
    ledger = new BareLedger();
    ledger.publish('dev', 'hello');
  });
  afterEach(() => ledger.remove());

  test('writes the release file and the manifests of the service in one commit', async () => {
    const before = ledger.head();
    const result = await promote(releaseOf('hello', 'dev', 'one'));
    expect(result).toEqual({ ok: true, changed: true, commit: ledger.head(), notes: [], attempts: 1 });
    expect(ledger.git('rev-parse', 'main^')).toBe(before);
    expect(ledger.git('diff', '--name-status', before, 'main').split('\n')).toEqual([
      'A\tapps/dev/hello.yaml',
      'A\tmanifests/dev/hello/canary.yaml',
      'A\tmanifests/dev/hello/deployment.yaml',
      'A\treleases/dev/hello.json',
    ]);
    expect(ledger.text(releasePath('dev', 'hello'))).toBe(serializeReleaseFile(releaseOf('hello', 'dev', 'one')));
    expect(ledger.text(manifestPath('dev', 'hello', 'deployment'))).toContain(imageNamed('hello', 'one'));
  });

  test('names the image, the environment and the source in the commit', async () => {
    await promote(releaseOf('hello', 'dev', 'one'));
    const digest = digestNamed('one');
    expect(ledger.git('log', '-1', '--format=%an <%ae>%n%B')).toBe(
      [
        'Bowline <bowline@localhost>',
        `Promote hello to dev: ${digest.slice(7, 19)}`,
        '',
        'Service: hello',
        'Environment: dev',
        `Image-Digest: ${digest}`,
        'Source-Repository: acme/hello',
        `Source-Commit: ${releaseOf('hello', 'dev', 'one').source.commit}`,
        'Bowline-Change: promote',
      ].join('\n'),
    );
  });

  test('commits nothing when the ledger has the release already', async () => {
    await promote(releaseOf('hello', 'dev', 'one'));
    const before = ledger.head();
    const result = await promote(releaseOf('hello', 'dev', 'one'));
    expect(result).toMatchObject({ ok: true, changed: false, commit: before, previous: imageNamed('hello', 'one') });
    expect(ledger.head()).toBe(before);
  });

  test('a new release changes only the digest lines and the release file', async () => {
    await promote(releaseOf('hello', 'dev', 'one'));
    await promote(releaseOf('hello', 'dev', 'two'));
    expect(ledger.git('diff', '--name-only', 'main^', 'main').split('\n')).toEqual([
      'manifests/dev/hello/deployment.yaml',
      'releases/dev/hello.json',
    ]);
    expect(ledger.git('diff', '--shortstat', 'main^', 'main', '--', 'manifests')).toMatch(
      /1 insertion\(\+\), 1 deletion\(-\)/,
    );
  });

  test('refuses a service that was not published, and names bowline publish', async () => {
    const result = await promote(releaseOf('nobody', 'dev', 'one'));
    expect(result).toMatchObject({ ok: false, code: 'service-not-published' });
    expect(result.ok ? '' : result.reason).toContain('bowline publish');
  });

  test('refuses in an empty repository', async () => {
    const empty = new BareLedger();
    try {
      const result = await promoteToLedger({
        ledger: { repository: empty.path },
        release: releaseOf('hello', 'dev', 'one'),
        renderer,
      });
      expect(result).toMatchObject({ ok: false, code: 'service-not-published' });
    } finally {
      empty.remove();
    }
  });

  test('replaces only the digest in manifests of another version, and notes it', async () => {
    await promote(releaseOf('hello', 'dev', 'one'), fakeRenderer('0.9'));
    const app = ledger.text(appPath('dev', 'hello'));
    const result = await promote(releaseOf('hello', 'dev', 'two'));
    expect(result).toMatchObject({
      ok: true,
      changed: true,
      notes: [expect.stringContaining('only the image in them was replaced')],
    });
    expect(ledger.text(appPath('dev', 'hello'))).toBe(app);
    expect(ledger.text(manifestPath('dev', 'hello', 'deployment'))).toBe(
      `# 0.9\nimage: ${imageNamed('hello', 'two')}\nmemory: 512Mi\nport: 8080\n`,
    );
    expect(ledger.git('log', '-1', '--format=%b')).toContain('only the image in them was replaced');
  });

  test('is dropped when another writer changes the release between read and push', async () => {
    await promote(releaseOf('hello', 'dev', 'one'));
    const superseded = promoteToLedger({
      ledger: { repository: ledger.path },
      release: releaseOf('hello', 'dev', 'two'),
      renderer: {
        ...renderer,
        service: (service, release) => {
          if (!ledger.text(releasePath('dev', 'hello')).includes(digestNamed('three'))) {
            ledger.write({
              [releasePath('dev', 'hello')]: serializeReleaseFile(releaseOf('hello', 'dev', 'three')),
              ...Object.fromEntries(renderer.service(service, releaseOf('hello', 'dev', 'three'))),
            });
          }
          return renderer.service(service, release);
        },
      },
    });
    expect(await superseded).toMatchObject({
      ok: false,
      code: 'superseded',
      reason: expect.stringContaining('bowline history'),
    });
    expect(ledger.text(releasePath('dev', 'hello'))).toContain(digestNamed('three'));
  });

  test('ten concurrent writers all succeed, in a linear history, and nothing is lost', async () => {
    const names = Array.from({ length: 10 }, (_, index) => `service-${index}`);
    ledger.publish('dev', ...names);
    const start = ledger.head();
    const results = await Promise.all(names.map((name) => promote(releaseOf(name, 'dev', `${name} one`))));
    expect(results.every((result) => result.ok && result.changed)).toBe(true);
    expect(ledger.git('rev-list', '--count', `${start}..main`)).toBe('10');
    expect(ledger.git('rev-list', '--count', '--min-parents=2', 'main')).toBe('0');
    for (const name of names) {
      expect(ledger.text(releasePath('dev', name))).toBe(serializeReleaseFile(releaseOf(name, 'dev', `${name} one`)));
    }
    expect(ledger.text(servicePath('dev', 'hello'))).toBe(canonicalJson(serviceOf('hello', 'dev')));
  });
});
