import { execFileSync } from 'node:child_process';
import { describeKept } from '../../lib/cli/actions/run';
import type { RunResult } from '../../lib/local';
import { digestOf } from '../../lib/values';

const result: RunResult = {
  service: 'shop',
  commit: 'c'.repeat(40),
  changed: true,
  image: { repository: '127.0.0.1:29888/acme/shop', digest: digestOf('shop'), platforms: {}, sizes: {} },
  verdict: 'passed',
  databases: 'fixture',
  signed: true,
  promoted: { dev: 'a', prod: 'b' },
  actions: [],
  ledger: "/home/o'neil/state/ledgers/acme.git",
  folders: { catalog: '/home/my state/catalog', keys: '/keys', logs: '/logs' },
};

/** The words of each command, as a shell reads them. */
function commands(text: string): readonly (readonly string[])[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('  npx '))
    .map((line) =>
      execFileSync('/bin/sh', ['-c', `printf '%s\\n' ${line.replace('npx bowline', '')}`], { encoding: 'utf8' })
        .trim()
        .split('\n'),
    );
}

test('a kept registry comes with the commands that verify the release of the last environment, as a shell takes them', () => {
  const common = [
    ...['--catalog', '/home/my state/catalog', '--keys', '/keys'],
    ...['--vulnerability-database', 'fixture'],
  ];
  expect(commands(describeKept(result, '127.0.0.1:29888'))).toEqual([
    [
      ...['verify', `127.0.0.1:29888/acme/shop@${digestOf('shop')}`, '--environment', 'prod', '--builder', 'local'],
      ...common,
    ],
    ['rescan', '--ledger', "/home/o'neil/state/ledgers/acme.git", ...common],
  ]);
});

test('a verdict by the feeds needs no option, and a run without a promotion has nothing to verify', () => {
  const text = describeKept({ ...result, databases: 'feed', promoted: {} }, '127.0.0.1:29888');
  expect(commands(text).map(([name]) => name)).toEqual(['rescan']);
  expect(text).not.toContain('fixture');
});
