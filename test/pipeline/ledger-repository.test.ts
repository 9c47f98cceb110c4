import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeCommitLedger } from '../../lib/pipeline/ledger-repository';
import { accountOf } from '../iam/account';
import { catalogOf, exampleCatalog, pullRequestsOf, synthesize } from './synthesize';

const catalog = (repository: string) =>
  catalogOf({
    platform: readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8').replace(
      /repository: https:\S+\n {2}credential: .+\n/,
      `repository: ${repository}\n  credential: { kind: codecommit }\n`,
    ),
  });
const nameOf = (repository: string) => codeCommitLedger(catalog(repository).platform);
const address = 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/ledger';

test.each([
  [address, 'ledger'],
  ['https://git-codecommit-fips.eu-west-1.amazonaws.com/v1/repos/acme.ledger', 'acme.ledger'],
])('%s is a ledger in CodeCommit', (repository, name) => {
  expect(nameOf(repository)).toBe(name);
});

test.each([
  [
    'another region',
    address.replace('eu-west-1', 'us-east-1'),
    'must be in the region of the pipelines (eu-west-1), got one in us-east-1',
  ],
  [
    'a host that only sounds like it',
    address.replace('.com/', '.com.evil.example/'),
    'must be https://git-codecommit.eu-west-1',
  ],
  ['another host', 'https://github.com/acme/ledger', 'must be https://git-codecommit.eu-west-1'],
  ['no repository', 'https://git-codecommit.eu-west-1.amazonaws.com/v1/repos/a/b', 'must be https://git-codecommit'],
])('%s is refused at synth, with what would be right', (_, repository, message) => {
  expect(() => nameOf(repository)).toThrow(message);
  expect(() => synthesize({ parsed: catalog(repository) })).toThrow(message);
});

test('only promote writes the ledger, and it writes no other repository', () => {
  const account = accountOf(synthesize({ parsed: catalog(address), pullRequests: pullRequestsOf() }));
  const repository = (name: string) => `arn:aws:codecommit:eu-west-1:111111111111:${name}`;
  expect(account.whoMay('codecommit:GitPush', repository('ledger'))).toEqual(['acme-promote']);
  expect(account.whoMay('codecommit:GitPull', repository('ledger'))).toEqual(['acme-promote']);
  for (const name of ['ledger-2', 'hello']) {
    expect(account.whoMay('codecommit:GitPush', repository(name))).toEqual([]);
  }
});
