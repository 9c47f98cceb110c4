import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { boundaryPolicy, deploymentPolicies } from '../../../lib/pipeline';
import { covers } from '../../../lib/pipeline/iam/deployment-boundary';
import { managedPolicyLimit } from '../../../lib/pipeline/iam/deployment-permissions';
import { evaluate } from '../../iam/evaluate';
import { parsePolicy } from '../../iam/policy';
import { catalogOf, exampleCatalog, pullRequestsOf, resourcesOf, synthesize } from '../synthesize';
import { anyPlatform, longestPlatform } from './any-platform';

const text = readFileSync(join(exampleCatalog, 'platform.yaml'), 'utf8');
const modules = '{ private: [git.example.com], credential: { kind: netrc, secret: acme/modules/storefront } }';
const service = (name: string) =>
  `{ version: 1, name: ${name}, team: storefront, source: { repository: acme/${name} }, build: { modules: ${modules} } }`;
const bounded = catalogOf({
  platform: text.replace(
    '  region: eu-west-1\nsource',
    '  region: eu-west-1\n  permissionsBoundary: acme-boundary\nsource',
  ),
  services: [service('hello'), service(`s${'x'.repeat(39)}`)],
});
const pullRequests = pullRequestsOf();
const boundary = parsePolicy(boundaryPolicy(bounded.platform, pullRequests.connection));
const arn = 'arn:aws:iam::111111111111:policy/acme-boundary';

const within = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
  evaluate({ principal: 'arn:aws:iam::111111111111:role/any', action, resource, context }, { identity: boundary });

describe('the permissions boundary', () => {
  const roles = resourcesOf(synthesize({ parsed: bounded, pullRequests }), 'AWS::IAM::Role');

  test('is set on every role if the catalog names it', () => {
    expect(roles.length).toBeGreaterThan(8);
    for (const { Properties } of roles) {
      expect(Properties.PermissionsBoundary).toBe(arn);
    }
    for (const { Properties } of resourcesOf(synthesize(), 'AWS::IAM::Role')) {
      expect(Properties.PermissionsBoundary).toBeUndefined();
    }
  });

  test('allows every permission of every role', () => {
    for (const { Properties } of roles) {
      const policies = Properties.Policies as readonly { PolicyDocument: unknown }[];
      const statements = policies.flatMap(({ PolicyDocument }) => parsePolicy(PolicyDocument));
      for (const { actions, resources } of statements) {
        for (const action of actions) {
          for (const resource of resources) {
            // An example that the pattern matches.
            const example = resource.replaceAll('*', 'Abc').replaceAll('?', 'A');
            const context = {
              'kms:ResourceAliases': 'alias/acme-production',
              'events:source': 'bowline',
              'events:detail-type': 'Bowline Binaries Signed',
            };
            expect([Properties.RoleName, action, example, within(action, example, context)]).toEqual([
              Properties.RoleName,
              action,
              example,
              'allowed',
            ]);
          }
        }
      }
    }
  });

  test.each([
    ['iam:CreateRole', 'arn:aws:iam::111111111111:role/acme-x'],
    ['iam:PassRole', 'arn:aws:iam::111111111111:role/acme-sign'],
    ['sts:AssumeRole', 'arn:aws:iam::222222222222:role/admin'],
    ['ecr:DeleteRepository', 'arn:aws:ecr:eu-west-1:111111111111:repository/acme/hello'],
    ['ecr:PutImage', 'arn:aws:ecr:eu-west-1:111111111111:repository/payroll/app'],
    ['s3:GetObject', 'arn:aws:s3:::payroll/secret'],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:payroll-AbCdEf'],
    ['kms:Decrypt', 'arn:aws:kms:eu-west-1:111111111111:key/any'],
    ['kms:PutKeyPolicy', 'arn:aws:kms:eu-west-1:111111111111:key/any'],
    ['cloudformation:CreateStack', 'arn:aws:cloudformation:eu-west-1:111111111111:stack/x'],
  ])('does not allow %s on %s', (action, resource) => {
    expect(within(action, resource)).toBe('denied');
  });

  test("allows no token of the releases' connection, and a token of the pull requests' connection only if they are built", () => {
    const releases = bounded.platform.source.connection as string;
    for (const prefix of ['codeconnections', 'codestar-connections']) {
      expect(within(`${prefix}:UseConnection`, releases, { [`${prefix}:FullRepositoryId`]: 'acme/any' })).toBe(
        'allowed',
      );
      expect(within(`${prefix}:GetConnectionToken`, releases)).toBe('denied');
      expect(within(`${prefix}:GetConnectionToken`, pullRequests.connection)).toBe('allowed');
    }
    expect(JSON.stringify(boundaryPolicy(bounded.platform))).not.toContain('GetConnectionToken');
  });

  test('allows signing only with an alias of the platform', () => {
    const key = 'arn:aws:kms:eu-west-1:111111111111:key/any';
    expect(within('kms:Sign', key, { 'kms:ResourceAliases': 'alias/acme-production' })).toBe('allowed');
    expect(within('kms:Sign', key, { 'kms:ResourceAliases': 'alias/payroll' })).toBe('denied');
  });

  test('fits into a managed policy, for every platform that the catalog allows: a role has one boundary', () => {
    fc.assert(
      fc.property(fc.oneof(anyPlatform, fc.constant(longestPlatform)), fc.boolean(), (any, hasPullRequests) => {
        const document = boundaryPolicy(any, hasPullRequests ? pullRequests.connection : undefined);
        expect(JSON.stringify(document).length).toBeLessThanOrEqual(managedPolicyLimit);
      }),
    );
  });
});

describe('a deployment policy with a permissions boundary', () => {
  const policy = deploymentPolicies(bounded.platform).flatMap(({ document }) => parsePolicy(document));
  const may = (action: string, context: Readonly<Record<string, string>> = {}) =>
    evaluate(
      {
        principal: 'arn:aws:iam::111111111111:role/cdk-exec',
        action,
        resource: 'arn:aws:iam::111111111111:role/acme-sign',
        context,
      },
      { identity: policy },
    );

  test.each(['iam:CreateRole', 'iam:PutRolePolicy', 'iam:DeleteRolePolicy', 'iam:PutRolePermissionsBoundary'])(
    'allows %s only on a role with the boundary',
    (action) => {
      expect(may(action, { 'iam:PermissionsBoundary': arn })).toBe('allowed');
      expect(may(action, { 'iam:PermissionsBoundary': 'arn:aws:iam::111111111111:policy/other' })).toBe('denied');
      expect(may(action)).toBe('denied');
    },
  );

  test('allows neither changing nor removing the boundary', () => {
    expect(may('iam:DeleteRolePermissionsBoundary', { 'iam:PermissionsBoundary': arn })).toBe('denied');
    for (const action of ['iam:CreatePolicyVersion', 'iam:SetDefaultPolicyVersion', 'iam:DeletePolicy']) {
      expect(
        evaluate({ principal: 'arn:aws:iam::111111111111:role/cdk-exec', action, resource: arn }, { identity: policy }),
      ).toBe('denied');
    }
  });
});

describe('a pattern that covers another one', () => {
  const pattern = fc.array(fc.constantFrom('a', '/', '*', '?'), { maxLength: 6 }).map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', '/'), { maxLength: 8 }).map((parts) => parts.join(''));
  const matches = (one: string, other: string) =>
    new RegExp(`^${one.replaceAll('?', '.').replaceAll('*', '.*')}$`).test(other);

  test('matches every text that the other one matches', () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, resource) => {
        fc.pre(covers(one, other) && matches(other, resource));
        expect(matches(one, resource)).toBe(true);
      }),
    );
  });

  test.each([
    ['repository/acme/*', 'repository/acme/cache/*', true],
    ['repository/acme/*', 'repository/acme/*', false],
    ['bucket/*/x', 'bucket/*/*', false],
    ['a?c', 'a*c', false],
    ['a?c', 'abc', true],
    ['key.*', 'keyx*', false],
  ])('%s covers %s: %s', (one, other, expected) => {
    expect(covers(one, other)).toBe(expected);
  });
});
