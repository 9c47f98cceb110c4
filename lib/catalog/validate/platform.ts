import { codeCommitAddress } from '../codecommit-address';
import type { Readable } from '../parse/partial-parse';
import type { Platform } from '../schema/platform';
import type { PlatformConstraints } from './constraints';
import { repeated } from './duplicates';
import type { Finding } from './finding';
import { unknownName } from './names';

type ReadablePlatform = Readable<Platform>;

/** What can't be right of a platform whose fields are right one by one. */
export function platformFindings(platform: ReadablePlatform, facts: PlatformConstraints): readonly Finding[] {
  return [
    ...unconnectedSource(platform),
    ...ledgerWithoutApp(platform),
    ...ledgerElsewhere(platform),
    ...strangeClasses(platform, facts),
    ...environmentsTwice(platform),
    ...addOnsTwice(platform),
  ];
}

function unconnectedSource({ source }: ReadablePlatform): readonly Finding[] {
  return source?.kind === 'connection' && source.connection === undefined
    ? [
        {
          code: 'no-connection',
          path: ['source'],
          expected: 'source.connection, the ARN of a CodeConnections connection; or kind: codecommit',
          restsOn: [
            ['source', 'kind'],
            ['source', 'connection'],
          ],
        },
      ]
    : [];
}

function ledgerWithoutApp({ ledger }: ReadablePlatform): readonly Finding[] {
  return ledger?.write === 'pull-request' && ledger.credential?.kind !== 'github-app'
    ? [
        {
          code: 'pull-request-without-app',
          path: ['ledger', 'write'],
          expected: 'a ledger.credential of kind github-app, which can open pull requests; else push',
          restsOn: [['ledger', 'credential']],
        },
      ]
    : [];
}

/** A right on CodeCommit names a repository of the pipelines' account and region: an address elsewhere would be another repository. */
function ledgerElsewhere({ ledger, pipeline }: ReadablePlatform): readonly Finding[] {
  const { repository, credential } = ledger ?? {};
  const region = pipeline?.region;
  return credential?.kind === 'codecommit' &&
    repository !== undefined &&
    region !== undefined &&
    codeCommitAddress(repository)?.region !== region
    ? [
        {
          code: 'ledger-elsewhere',
          path: ['ledger', 'repository'],
          expected: `with the credential codecommit https://git-codecommit.${region}.amazonaws.com/v1/repos/<name>, in the region of the pipelines`,
          restsOn: [
            ['ledger', 'credential'],
            ['pipeline', 'region'],
          ],
        },
      ]
    : [];
}

function strangeClasses({ signingKeys = {} }: ReadablePlatform, { classes }: PlatformConstraints): readonly Finding[] {
  return Object.keys(signingKeys).flatMap((name): readonly Finding[] => {
    const unknown = classes === undefined ? undefined : unknownName(name, classes);
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

function environmentsTwice({ environments = [] }: ReadablePlatform): readonly Finding[] {
  return repeated(environments.map((environment) => environment?.name)).map((index) => ({
    code: 'duplicate-environment',
    path: ['environments', index, 'name'],
    expected: 'every environment once',
  }));
}

/** Each is an Application of its name. */
function addOnsTwice({ delivery }: ReadablePlatform): readonly Finding[] {
  return repeated(delivery?.addOns ?? []).map((index) => ({
    code: 'duplicate-add-on',
    path: ['delivery', 'addOns', index],
    expected: 'every add-on once',
  }));
}
