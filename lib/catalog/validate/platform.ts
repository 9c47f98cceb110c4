import { pascalCase } from '../../values';
import { parseCodeCommitAddress } from '../codecommit-address';
import type { PartiallyParsed } from '../parse/partial-parse';
import type { Platform } from '../schema/platform';
import type { PlatformConstraints } from './constraints';
import { validateDelivery } from './delivery';
import { findDuplicates } from './duplicates';
import type { Finding } from './finding';
import { findUnknownName } from './names';

type PartialPlatform = PartiallyParsed<Platform>;

/** Finds errors that involve several fields of platform.yaml. */
export function validatePlatform(platform: PartialPlatform, constraints: PlatformConstraints): readonly Finding[] {
  return [
    ...findMissingConnection(platform),
    ...findMissingGitHubApp(platform),
    ...findLedgerInOtherRegion(platform),
    ...findUnknownClasses(platform, constraints),
    ...findDuplicateEnvironments(platform),
    ...findEqualPipelineNames(platform),
    ...findDuplicateAddOns(platform),
    ...validateDelivery(platform),
  ];
}

function findMissingConnection({ source }: PartialPlatform): readonly Finding[] {
  return source?.kind === 'connection' && source.connection === undefined
    ? [
        {
          code: 'no-connection',
          path: ['source'],
          expected: 'source.connection, the ARN of a CodeConnections connection, or kind: codecommit',
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
          expected: 'push, or a ledger.credential of kind github-app, which can open pull requests',
          dependsOn: [['ledger', 'credential']],
        },
      ]
    : [];
}

/** IAM grants access to a repository by account and region. In another region the same name is another repository. */
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
          expected: `https://git-codecommit.${region}.amazonaws.com/v1/repos/<name>, in the region of the pipelines, for a credential of kind codecommit`,
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
            target: 'key',
            expected: `the class of an environment (${classes?.known.join(', ')})`,
            ...unknown,
          },
        ];
  });
}

function findDuplicateEnvironments({ environments = [] }: PartialPlatform): readonly Finding[] {
  return findDuplicates(environments.map((environment) => environment?.name)).map((index) => ({
    code: 'duplicate-environment',
    path: ['environments', index, 'name'],
    expected: 'each environment only once',
  }));
}

/** Names of stages and artifacts of a pipeline have no "-", so two names can become one: `eu-1` and `eu1`. */
function findEqualPipelineNames({ environments = [] }: PartialPlatform): readonly Finding[] {
  return (['name', 'class'] as const).flatMap((field) => {
    const names = environments.map((environment) => environment?.[field]);
    return names.flatMap((name, index): readonly Finding[] => {
      const first = names
        .slice(0, index)
        .find(
          (other) =>
            other !== undefined && name !== undefined && other !== name && pascalCase(other) === pascalCase(name),
        );
      return first === undefined
        ? []
        : [
            {
              code: 'equal-pipeline-names',
              path: ['environments', index, field],
              expected: `a name that differs from ${first} in more than "-": both are called ${pascalCase(first)} in a pipeline`,
            },
          ];
    });
  });
}

/** An add-on may occur only once, because it names an Argo CD Application. */
function findDuplicateAddOns({ delivery }: PartialPlatform): readonly Finding[] {
  return findDuplicates(delivery?.addOns ?? []).map((index) => ({
    code: 'duplicate-add-on',
    path: ['delivery', 'addOns', index],
    expected: 'each add-on only once',
  }));
}
