import { execFileSync } from 'node:child_process';
import { proposalBranch, releasePath, serializeReleaseFile, servicePath } from '../../../lib/ledger';
import { githubHost } from '../../../lib/steps/gitops/git-host';
import { promoteToLedger } from '../../../lib/steps/gitops/promote-to-ledger';
import { canonicalJson } from '../../../lib/values';
import { BareLedger, digestNamed, fakeRenderer, releaseOf, serviceOf } from '../../ledger/fixtures';
import { FakeGitHub } from './git-host/fake-github';

describe('a promotion by pull request', () => {
  let ledger: BareLedger;
  let github: FakeGitHub;
  beforeEach(async () => {
    ledger = new BareLedger();
    ledger.publish('dev', 'hello', 'shop');
    github = new FakeGitHub();
    await github.start();
    github.grants.set('token', { repositories: ['ledger'], permissions: { pull_requests: 'write' } });
    github.commitsAhead = (base, head) => Number(ledger.git('rev-list', '--count', `${base}..${head}`));
  });
  afterEach(async () => {
    await github.stop();
    ledger.remove();
  });

  const propose = (name: string, service = 'hello') =>
    promoteToLedger({
      ledger: { repository: ledger.path },
      release: releaseOf(service, 'dev', name),
      renderer: fakeRenderer(),
      pullRequestHost: githubHost({ api: github.url, owner: 'acme', name: 'ledger', token: 'token' }),
    });
  const branchOf = (name: string) => proposalBranch(releaseOf('hello', 'dev', name));
  const close = (number: number, merged: boolean) =>
    Object.assign(github.pulls[number - 1] ?? {}, {
      state: 'closed',
      merged_at: merged ? new Date().toISOString() : null,
    });
  const identity = {
    ...process.env,
    GIT_AUTHOR_NAME: 'A person',
    GIT_AUTHOR_EMAIL: 'person@example.com',
    GIT_COMMITTER_NAME: 'A person',
    GIT_COMMITTER_EMAIL: 'person@example.com',
  };
  const plumb = (...words: string[]) =>
    execFileSync('git', words, { cwd: ledger.path, env: identity, encoding: 'utf8' }).trim();

  /** The three ways in which GitHub merges. Each fails on a conflict, as GitHub does. */
  const merges: Readonly<Record<string, (branch: string) => void>> = {
    'a merge commit': (branch) => {
      const tree = plumb('merge-tree', '--write-tree', 'main', branch);
      plumb('update-ref', 'refs/heads/main', plumb('commit-tree', tree, '-p', 'main', '-p', branch, '-m', 'Merge'));
    },
    'a squash': (branch) => {
      const tree = plumb('merge-tree', '--write-tree', 'main', branch);
      plumb('update-ref', 'refs/heads/main', plumb('commit-tree', tree, '-p', 'main', '-m', 'Squash'));
    },
    'a fast-forward': (branch) => {
      plumb('merge-base', '--is-ancestor', 'main', branch);
      plumb('update-ref', 'refs/heads/main', branch);
    },
  };
  const running = () => (JSON.parse(ledger.text(releasePath('dev', 'hello'))) as { image: string }).image.split('@')[1];

  test.each(
    Object.keys(merges).flatMap((way) => [true, false].map((kept) => [way, kept ? 'kept' : 'deleted'] as const)),
  )('returns to earlier images again and again, merged by %s with branches %s', async (way, kept) => {
    for (const [index, name] of ['one', 'two', 'one', 'two', 'one', 'three', 'one'].entries()) {
      const number = index + 1;
      expect(await propose(name)).toMatchObject({ ok: true, changed: true, pullRequest: { number, opened: true } });
      expect(await propose(name)).toMatchObject({ ok: true, changed: false, pullRequest: { number, opened: false } });
      merges[way]?.(branchOf(name));
      if (kept === 'deleted') {
        ledger.git('branch', '-D', branchOf(name));
      }
      close(number, true);
      expect(running()).toBe(digestNamed(name));
      const again = await propose(name);
      expect(again).toMatchObject({ ok: true, changed: false });
      expect(again).not.toHaveProperty('pullRequest');
      // Another service changes in between.
      ledger.write({ [releasePath('dev', 'shop')]: serializeReleaseFile(releaseOf('shop', 'dev', `${index}`)) });
    }
    expect(github.pulls).toHaveLength(7);
  });

  test('is not proposed again when other services change while it is open', async () => {
    await propose('one');
    const tip = ledger.git('rev-parse', branchOf('one'));
    ledger.write({ [releasePath('dev', 'shop')]: serializeReleaseFile(releaseOf('shop', 'dev', 'x')) });
    ledger.write({ [servicePath('dev', 'shop')]: canonicalJson(serviceOf('shop', 'dev', { memory: '1Gi' })) });
    expect(await propose('one')).toMatchObject({ changed: false, commit: tip, pullRequest: { opened: false } });
  });

  test('is renewed when another release was merged first, so that it can be merged', async () => {
    await propose('one');
    merges['a squash']?.(branchOf('one'));
    close(1, true);
    await propose('two');
    await propose('three');
    merges['a squash']?.(branchOf('three'));
    close(3, true);
    const before = ledger.git('rev-parse', branchOf('two'));
    expect(() => plumb('merge-tree', '--write-tree', 'main', branchOf('two'))).toThrow();
    expect(await propose('two')).toMatchObject({ changed: true, pullRequest: { number: 2, opened: false } });
    expect(ledger.git('rev-parse', `${branchOf('two')}^2`)).toBe(before);
    expect(ledger.git('diff', '--name-only', `main...${branchOf('two')}`).split('\n')).toEqual([
      'manifests/dev/hello/deployment.yaml',
      'releases/dev/hello.json',
    ]);
    merges['a merge commit']?.(branchOf('two'));
    expect(running()).toBe(digestNamed('two'));
  });

  test('stays rejected while the same image runs, also after its branch was deleted, and counts again over another image', async () => {
    await propose('one');
    merges['a squash']?.(branchOf('one'));
    close(1, true);
    await propose('two');
    close(2, false);
    await expect(propose('two')).rejects.toMatchObject({ code: 'proposal-closed', exitCode: 2 });
    ledger.git('branch', '-D', branchOf('two'));
    await expect(propose('two')).rejects.toMatchObject({ code: 'proposal-closed', exitCode: 2 });
    await propose('three');
    merges['a squash']?.(branchOf('three'));
    close(3, true);
    expect(await propose('two')).toMatchObject({ changed: true, pullRequest: { number: 4, opened: true } });
  });
});
