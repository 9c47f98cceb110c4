import { parseCodeCommitAddress } from '../codecommit-address';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { Platform } from '../schema/platform';
import type { PlatformConstraints } from './constraints';
import { findDuplicates } from './duplicates';
import type { Finding } from './finding';
import { findUnknownName } from './names';

type PartialPlatform = PartiallyParsed<Platform>;

/** What can't be right of a platform whose fields are right one by one. */
export function validatePlatform(platform: PartialPlatform, constraints: PlatformConstraints): readonly Finding[] {
  return [
    ...findMissingConnection(platform),
    ...findMissingGitHubApp(platform),
    ...findLedgerInOtherRegion(platform),
    ...findUnknownClasses(platform, constraints),
    ...findDuplicateEnvironments(platform),
    ...findDuplicateAddOns(platform),
  ];
}

function findMissingConnection({ source }: PartialPlatform): readonly Finding[] {
  return source?.kind === 'connection' && source.connection === undefined
    ? [
        {
          code: 'no-connection',
          path: ['source'],
          expected: 'source.connection, the ARN of a CodeConnections connection; or kind: codecommit',
          dependsOn: [
            ['source', 'kind'],
            ['source', 'connection'],
          ],
        },
      ]
    : [];
}

function findMissingGitHubApp({ ledger }: PartialPlatform): readonly Finding[] {
  return ledger?.write === 'pull-request' && ledger.credential?.kind !== 'github-app'
    ? [
        {
          code: 'pull-request-without-app',
          path: ['ledger', 'write'],
          expected: 'a ledger.credential of kind github-app, which can open pull requests; else push',
          dependsOn: [['ledger', 'credential']],
        },
      ]
    : [];
}

/** A right on CodeCommit names a repository of the pipelines' account and region: an address elsewhere would be another repository. */
function findLedgerInOtherRegion({ ledger, pipeline }: PartialPlatform): readonly Finding[] {
  const { repository, credential } = ledger ?? {};
  const region = pipeline?.region;
  return credential?.kind === 'codecommit' &&
    repository !== undefined &&
    region !== undefined &&
    parseCodeCommitAddress(repository)?.region !== region
    ? [
        {
          code: 'ledger-elsewhere',
          path: ['ledger', 'repository'],
          expected: `with the credential codecommit https://git-codecommit.${region}.amazonaws.com/v1/repos/<name>, in the region of the pipelines`,
          dependsOn: [
            ['ledger', 'credential'],
            ['pipeline', 'region'],
          ],
        },
      ]
    : [];
}

function findUnknownClasses(
  { signingKeys = {} }: PartialPlatform,
  { classes }: PlatformConstraints,
): readonly Finding[] {
  return Object.keys(signingKeys).flatMap((name): readonly Finding[] => {
    const unknown = classes === undefined ? undefined : findUnknownName(name, classes);
    return unknown === undefined
      ? []
      : [
          {
            code: 'unknown-class',
            path: ['signingKeys', name],
            of: 'key',
            expected: `a class of an environment (${classes?.known.join(', ')})`,
            ...unknown,
          },
        ];
  });
}

function findDuplicateEnvironments({ environments = [] }: PartialPlatform): readonly Finding[] {
  return findDuplicates(environments.map((environment) => environment?.name)).map((index) => ({
    code: 'duplicate-environment',
    path: ['environments', index, 'name'],
    expected: 'every environment once',
  }));
}

/** Each is an Application of its name. */
function findDuplicateAddOns({ delivery }: PartialPlatform): readonly Finding[] {
  return findDuplicates(delivery?.addOns ?? []).map((index) => ({
    code: 'duplicate-add-on',
    path: ['delivery', 'addOns', index],
    expected: 'every add-on once',
  }));
}
