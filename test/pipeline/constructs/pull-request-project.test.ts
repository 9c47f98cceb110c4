import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderBuildspec } from '../../../lib/pipeline/release-plan/buildspec';
import { pullRequestCommands } from '../../../lib/pipeline/release-plan/step-commands';
import { rules } from '../../../lib/pipeline/rules';
import { accountOf } from '../../iam/account';
import { hostile, runGenerated } from '../release-plan/generated-commands';
import { catalogOf, pullRequestsOf, type Resource, releasePipelineOf, resourcesOf, synthesize } from '../synthesize';

const monorepo = catalogOf({
  services: [
    '{ version: 1, name: hello, team: storefront, source: { repository: acme/shop, branch: release-1.0, directory: ./services/hello/ } }',
  ],
});
const assembly = () => synthesize({ parsed: monorepo, pullRequests: pullRequestsOf('7654321', '1234567') });
const projectOf = (from: ReturnType<typeof assembly>) =>
  resourcesOf(from, 'AWS::CodeBuild::Project').find(
    ({ Properties }) => Properties.Name === 'acme-hello-pr',
  ) as Resource;

describe('pull requests', () => {
  test('are not built without configured authors', () => {
    expect(projectOf(synthesize({ parsed: monorepo }))).toBeUndefined();
  });

  test('are built only for the configured authors, the branch and the folder of the service', () => {
    const { FilterGroups } = projectOf(assembly()).Properties.Triggers as {
      FilterGroups: { Type: string; Pattern: string }[][];
    };
    expect(FilterGroups).toEqual([
      [
        { Type: 'EVENT', Pattern: 'PULL_REQUEST_CREATED, PULL_REQUEST_UPDATED, PULL_REQUEST_REOPENED' },
        { Type: 'BASE_REF', Pattern: '^refs/heads/release-1\\.0$' },
        { Type: 'ACTOR_ACCOUNT_ID', Pattern: '^(1234567|7654321)$' },
        { Type: 'FILE_PATH', Pattern: '^services/hello/.*$' },
      ],
    ]);
    const [, , actor] = (FilterGroups[0] ?? []).map(({ Pattern }) => new RegExp(Pattern));
    for (const longer of ['11234567', '12345678', '7654321 1', '1234567\n']) {
      expect(actor?.test(longer)).toBe(false);
    }
  });

  test.each([
    ['small', 'BUILD_GENERAL1_MEDIUM'],
    ['medium', 'BUILD_GENERAL1_MEDIUM'],
    ['large', 'BUILD_GENERAL1_LARGE'],
  ])(
    'of a service with `compute: %s` run on %s, the larger machine of its build and of the scan',
    (compute, expected) => {
      const parsed = catalogOf({
        services: [
          `{ version: 1, name: hello, team: storefront, source: { repository: acme/hello }, compute: ${compute} }`,
        ],
      });
      const projects = resourcesOf(synthesize({ parsed, pullRequests: pullRequestsOf() }), 'AWS::CodeBuild::Project');
      const computeOf = (name: string) =>
        (
          projects.find(({ Properties }) => Properties.Name === name)?.Properties.Environment as
            | { readonly ComputeType: string }
            | undefined
        )?.ComputeType;
      expect(computeOf('acme-hello-pr')).toBe(expected);
      expect([computeOf('acme-hello-build'), computeOf('acme-scan')]).toContain(expected);
    },
  );

  test.each([[[]], [['eve']], [['1|2']], [['012']]])('reject the authors %j', (actors) => {
    expect(() => synthesize({ parsed: monorepo, pullRequests: { ...pullRequestsOf(), actors } })).toThrow(
      '`pullRequests.actors` must be at least one account ID',
    );
  });

  const releases = monorepo.platform.source.connection as string;
  const own = pullRequestsOf().connection;

  test.each([
    ['that releases use', releases],
    ['that releases use, under its other name', releases.replace(':codeconnections:', ':codestar-connections:')],
  ])('reject a connection %s, because their code can read its token', (_, connection) => {
    expect(() => synthesize({ parsed: monorepo, pullRequests: { actors: ['1'], connection } })).toThrow(
      '`pullRequests.connection` must differ from the connection of the releases',
    );
  });

  test.each(['', 'arn:aws:codeconnections:eu-west-1:111111111111:host/x', `${releases}/x`])(
    'reject %j as a connection',
    (connection) => {
      expect(() => synthesize({ parsed: monorepo, pullRequests: { actors: ['1'], connection } })).toThrow(
        '`pullRequests.connection` must be the ARN of a CodeConnections connection',
      );
    },
  );

  test.each(['codeconnections', 'codestar-connections'])(
    'can get the token of their own connection only, under both prefixes of IAM (%s)',
    (prefix) => {
      const account = accountOf(assembly());
      for (const action of ['GetConnection', 'GetConnectionToken', 'UseConnection']) {
        expect(account.may('acme-hello-pr', `${prefix}:${action}`, own)).toBe('allowed');
        expect(account.may('acme-hello-pr', `${prefix}:${action}`, releases)).toBe('denied');
      }
      expect(account.whoMay(`${prefix}:GetConnectionToken`, releases)).toEqual([]);
      expect(account.whoMay(`${prefix}:GetConnectionToken`, own)).toEqual(['acme-hello-pr']);
      const of = (repository: string) => ({ [`${prefix}:FullRepositoryId`]: repository });
      expect(account.may('acme-hello-pr', `${prefix}:UseConnection`, own, of('acme/shop'))).toBe('allowed');
      expect(account.may('acme-hello-pr', `${prefix}:UseConnection`, own, of('acme/ledger'))).toBe('denied');
    },
  );

  test('are cloned through their own connection', () => {
    expect(projectOf(assembly()).Properties.Source).toMatchObject({
      Auth: { Type: 'CODECONNECTIONS', Resource: own },
    });
  });

  test('have no access to inputs of releases and to secrets', () => {
    const account = accountOf(assembly());
    const repository = (name: string) => `arn:aws:ecr:eu-west-1:111111111111:repository/${name}`;
    const role = 'acme-hello-pr';
    for (const name of ['acme/hello', 'acme/signatures/hello', 'acme/cache/hello']) {
      for (const action of ['ecr:PutImage', 'ecr:BatchGetImage', 'ecr:UploadLayerPart']) {
        expect(account.may(role, action, repository(name))).toBe('denied');
      }
    }
    expect(account.may(role, 'ecr:PutImage', repository('acme/cache/pull-requests/hello'))).toBe('allowed');
    for (const [action, resource] of [
      ['s3:GetObject', 'arn:aws:s3:::acme-artifacts-111111111111-eu-west-1/acme-hello/Source/x'],
      ['s3:PutObject', 'arn:aws:s3:::acme-artifacts-111111111111-eu-west-1/acme-hello/Built/x'],
      ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:acme/github-app-AbCdEf'],
      ['kms:Sign', account.keys.get('alias/acme-production') as string],
      ['codebuild:StartBuild', 'arn:aws:codebuild:eu-west-1:111111111111:project/acme-sign'],
    ] as const) {
      expect(account.may(role, action, resource)).not.toBe('allowed');
    }
    expect(account.whoMay('ecr:BatchGetImage', repository('acme/cache/pull-requests/hello'))).toEqual([
      'acme-hello-pr',
      // These roles can read every repository of the platform. No step reads this one.
      'acme-promote',
      'acme-rescan',
      'acme-scan',
      'acme-sign',
    ]);
  });

  test('pass the record from build to scan, whatever the name of the commit', () => {
    // The bundle is a name here: bundle-check.test.ts tests its verification.
    const commands = pullRequestCommands.commands.filter((command) => !('verifyFolder' in command));
    const { phases } = renderBuildspec({ ...pullRequestCommands, commands }) as {
      phases: { build: { commands: string[] } };
    };
    for (const value of hostile) {
      const { calls, exitCode } = runGenerated(
        phases.build.commands,
        {
          CODEBUILD_SRC_DIR: value,
          CODEBUILD_SRC_DIR_Bowline: '/b',
          CODEBUILD_SRC_DIR_Catalog: '/c',
          CODEBUILD_RESOLVED_SOURCE_VERSION: value,
        },
        [],
        (work) => {
          mkdirSync(join(work, '.bowline', 'exports'), { recursive: true });
          writeFileSync(join(work, '.bowline', 'exports', 'RECORD_SHA256'), 'sha256:abc\n');
        },
      );
      expect(exitCode).toBe(0);
      expect(calls.map(([program, , argument]) => [program, argument])).toEqual([
        ['rm', '--'],
        ['node', 'build'],
        ['node', 'scan'],
      ]);
      expect(calls[1]).toEqual(expect.arrayContaining(['--source', value, '--commit']));
      expect(calls[2]).toEqual(expect.arrayContaining(['--record-sha256', 'sha256:abc']));
    }
  });

  test('satisfy the rules', () => {
    const findings = [...assembly().templates.values()].flatMap(({ Resources }) =>
      rules.flatMap((rule) => rule.check(Resources)),
    );
    expect(findings).toEqual([]);
  });
});

describe('a service in a repository with several services', () => {
  test('is released by commits that change its folder on its branch', () => {
    expect(releasePipelineOf(assembly()).Properties.Triggers).toEqual([
      {
        ProviderType: 'CodeStarSourceConnection',
        GitConfiguration: {
          SourceActionName: 'Source',
          Push: [{ Branches: { Includes: ['release-1.0'] }, FilePaths: { Includes: ['services/hello/**'] } }],
        },
      },
    ]);
  });

  test('is released by every commit if it is the whole repository', () => {
    expect(releasePipelineOf(synthesize()).Properties.Triggers).toBeUndefined();
  });
});
