import type { PartiallyParsed } from '../../parse/partial-parse';
import type { CatalogProblem } from '../../parse/problem';
import type { Service } from '../../schema/service';
import type { PlatformConstraints } from '../constraints';
import { type Finding, toProblems } from '../finding';
import type { CheckedService } from '../service-names';

/** How the names of secrets with credentials for private modules begin, where a permissions boundary limits the roles. */
export function moduleSecretPrefix(platform: string): string {
  return `${platform}/modules/`;
}

/**
 * Checks that the credential of private modules is not the one of the ledger. The build reads the secret of the modules, and who reads the key of
 * the ledger's App can write the ledger.
 */
export function validateModules(
  { build }: PartiallyParsed<Service>,
  constraints: Pick<PlatformConstraints, 'ledgerCredential' | 'boundedPlatform'>,
): readonly Finding[] {
  const credential = build?.modules?.credential;
  return credential === undefined
    ? []
    : [...findLedgerCredential(credential, constraints), ...findUnreachableSecret(credential, constraints)];
}

type PartialCredential = NonNullable<
  NonNullable<NonNullable<PartiallyParsed<Service>['build']>['modules']>['credential']
>;

/** The permissions boundary is written without the services, so it allows secrets by a common prefix. */
function findUnreachableSecret(
  { secret }: PartialCredential,
  { boundedPlatform }: Pick<PlatformConstraints, 'boundedPlatform'>,
): readonly Finding[] {
  return boundedPlatform === undefined || secret === undefined || secret.startsWith(moduleSecretPrefix(boundedPlatform))
    ? []
    : [
        {
          code: 'module-secret-outside-boundary',
          path: ['build', 'modules', 'credential', 'secret'],
          expected: `a name that begins with ${moduleSecretPrefix(boundedPlatform)}: pipeline.permissionsBoundary allows no other secret to a build`,
        },
      ];
}

function findLedgerCredential(
  credential: PartialCredential,
  { ledgerCredential }: Pick<PlatformConstraints, 'ledgerCredential'>,
): readonly Finding[] {
  if (ledgerCredential?.kind !== 'github-app') {
    return [];
  }
  if (credential.secret !== undefined && credential.secret === ledgerCredential.secret) {
    return [
      {
        code: 'ledger-secret-for-modules',
        path: ['build', 'modules', 'credential', 'secret'],
        expected:
          "another secret than ledger.credential: the build role reads this one, and the ledger's key writes the ledger",
      },
    ];
  }
  return credential.kind === 'github-app' && credential.appId === ledgerCredential.appId
    ? [
        {
          code: 'ledger-app-for-modules',
          path: ['build', 'modules', 'credential', 'appId'],
          expected:
            "another GitHub App than ledger.credential: a key of the ledger's App writes the ledger. Create an App of the team with the permission contents: read only",
        },
      ]
    : [];
}

/** Finds services whose credential for private modules belongs to another team: the secret of a team opens its modules only. */
export function findSharedModuleSecrets(services: readonly CheckedService[]): readonly CatalogProblem[] {
  const firstBySecret = new Map<string, { readonly team: string; readonly file: string }>();
  const problems: CatalogProblem[] = [];
  for (const { checked } of services) {
    const { team, build } = checked.partial ?? {};
    const secret = build?.modules?.credential?.secret;
    if (team === undefined || secret === undefined) {
      continue;
    }
    const first = firstBySecret.get(secret);
    if (first === undefined) {
      firstBySecret.set(secret, { team, file: checked.file });
    } else if (first.team !== team) {
      const finding: Finding = {
        code: 'module-secret-of-other-team',
        path: ['build', 'modules', 'credential', 'secret'],
        expected: `a secret of team ${team} (${first.file} of team ${first.team} uses this one)`,
      };
      problems.push(...toProblems(checked, [finding]));
    }
  }
  return problems;
}
