import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '../../../lib/catalog';
import { codeCommitLedgerName } from '../../../lib/pipeline/iam/codecommit-ledger';
import { accountOf } from '../../iam/account';
import { catalogOf, exampleCatalog, pullRequestsOf, synthesize } from '../synthesize';

const address = 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger';
const checked = catalogOf({
  platform: readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8').replace(
    /repository: https:\S+\n {2}credential: .+\n/,
    `repository: ${address}\n  credential: { kind: codecommit }\n`,
  ),
});
/** Also allows addresses that the validation of a catalog refuses. */
const catalog = (repository: string): Catalog => ({
  ...checked,
  platform: { ...checked.platform, ledger: { ...checked.platform.ledger, repository } },
});

test.each([
  [address, 'ledger'],
  ['https://git-codecommit-fips.eu-west-1.amazonaws.com/v1/repos/acme.ledger', 'acme.ledger'],
])('%s is a ledger in CodeCommit', (repository, name) => {
  expect(codeCommitLedgerName(catalog(repository).platform)).toBe(name);
});

test.each([
  ['another region', address.replace('eu-west-1', 'us-east-1')],
  ['a similar host', address.replace('.com/', '.com.evil.example/')],
  ['a port', address.replace('.com/', '.com:8443/')],
  ['another protocol', address.replace('https:', 'ssh:')],
  ['another host', 'https://github.com/acme/ledger'],
  ['a path below a repository', `${address}/b`],
])('synth refuses %s and names the expected address', (_, repository) => {
  expect(() => synthesize({ parsed: catalog(repository) })).toThrow(
    `must be https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/<name>, got: ${repository}`,
  );
});

test('only promote can write the ledger, only the list of what runs can read it besides, and neither reaches another repository', () => {
  const account = accountOf(synthesize({ parsed: checked, pullRequests: pullRequestsOf() }));
  const repository = (name: string) => `arn:aws:codecommit:eu-west-1:111111111111:${name}`;
  expect(account.whoMay('codecommit:GitPush', repository('ledger'))).toEqual(['acme-promote']);
  expect(account.whoMay('codecommit:GitPull', repository('ledger'))).toEqual(['acme-promote', 'acme-releases']);
  for (const name of ['ledger-2', 'hello']) {
    expect(account.whoMay('codecommit:GitPush', repository(name))).toEqual([]);
    expect(account.whoMay('codecommit:GitPull', repository(name))).not.toContain('acme-releases');
  }
});
