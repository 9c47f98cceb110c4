import { publishText } from '../../../lib/cli/commands/publish';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { publish } from '../../../lib/steps/gitops/publish';
import { BareLedger, fakeRenderer, releaseOf } from '../../ledger/fixtures';
import { catalogOf, nothingFound } from './ledger-fixtures';

describe('publish', () => {
  let ledger: BareLedger;
  const put = (names: readonly string[], more: object = {}) =>
    publish({
      catalog: catalogOf(names),
      ledger: { repository: ledger.path },
      renderer: fakeRenderer(),
      check: nothingFound,
      ...more,
    });

  beforeEach(() => {
    ledger = new BareLedger();
  });
  afterEach(() => ledger.remove());

  test('gives an empty repository its first commit', async () => {
    const result = await put(['hello']);
    expect(result).toMatchObject({ changed: true, commit: ledger.head() });
    expect(ledger.git('rev-list', '--count', 'main')).toBe('1');
    expect(ledger.files()).toEqual([
      'environments/dev.json',
      'environments/prod.json',
      'platform/dev/project-storefront.yaml',
      'platform/prod/project-storefront.yaml',
      'services/dev/hello.json',
      'services/prod/hello.json',
    ]);
  });

  test('commits nothing the second time', async () => {
    const first = await put(['hello']);
    expect(await put(['hello'])).toMatchObject({ changed: false, commit: first.commit });
    expect(ledger.head()).toBe(first.commit);
  });

  test('refuses to remove a service with exit code 2, and does not change the ledger', async () => {
    await put(['hello', 'shop']);
    const before = ledger.head();
    await expect(put(['hello'])).rejects.toMatchObject({ code: 'would-remove', exitCode: 2 });
    expect(ledger.head()).toBe(before);
    expect(await put(['hello'], { remove: ['shop'] })).toMatchObject({ changed: true });
    expect(ledger.files().filter((path) => path.includes('shop'))).toEqual([]);
  });

  test('a publication and concurrent promotions all succeed', async () => {
    await put(['hello', 'shop', 'cart']);
    const promotions = ['hello', 'shop', 'cart'].map((name) =>
      promoteToLedger({
        ledger: { repository: ledger.path },
        release: releaseOf(name, 'dev', name),
        renderer: fakeRenderer(),
      }),
    );
    const results = await Promise.all([
      ...promotions,
      publish({
        catalog: catalogOf(['hello', 'shop', 'cart', 'mail'], '1Gi'),
        ledger: { repository: ledger.path },
        renderer: fakeRenderer(),
        check: nothingFound,
      }),
    ]);
    expect(results.every((result) => 'changed' in result && result.changed)).toBe(true);
    expect(ledger.git('rev-list', '--count', 'main')).toBe('5');
    for (const name of ['hello', 'shop', 'cart']) {
      expect(ledger.text(`manifests/dev/${name}/deployment.yaml`)).toContain('memory: 1Gi');
    }
  });

  test('a missing branch in a repository with other branches is an error, not a new ledger', async () => {
    await put(['hello']);
    await expect(
      publish({
        catalog: catalogOf(['hello']),
        ledger: { repository: ledger.path, branch: 'mian' },
        renderer: fakeRenderer(),
        check: nothingFound,
      }),
    ).rejects.toMatchObject({ code: 'no-branch', exitCode: 3, message: expect.stringContaining('(branches: main)') });
  });

  test('an invalid address is bad input', async () => {
    await expect(
      publish({
        catalog: catalogOf(['hello']),
        ledger: { repository: '--upload-pack=x' },
        renderer: fakeRenderer(),
        check: nothingFound,
      }),
    ).rejects.toMatchObject({ code: 'bad-ledger', exitCode: 3 });
  });

  test('lists what was created, changed, removed, unchanged and unreleased', async () => {
    await put(['hello', 'shop']);
    await promoteToLedger({
      ledger: { repository: ledger.path },
      release: releaseOf('hello', 'dev', 'one'),
      renderer: fakeRenderer(),
    });
    const result = await publish({
      catalog: catalogOf(['hello', 'mail'], '1Gi'),
      ledger: { repository: ledger.path },
      renderer: fakeRenderer(),
      check: nothingFound,
      remove: ['shop'],
    });
    expect(publishText(result)).toBe(
      [
        'created    mail (dev, unreleased; prod, unreleased)',
        'changed    hello (dev)',
        'removed    shop (dev; prod)',
        'unchanged  hello (prod, unreleased)',
        `published: ledger commit ${ledger.head()}`,
        '',
      ].join('\n'),
    );
  });
});
