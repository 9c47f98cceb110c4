import { serviceNames } from '../../lib/pipeline';
import { catalogOf, synthesize } from '../pipeline/synthesize';
import { type Account, accountOf } from './account';

const service = (name: string) =>
  `{ version: 1, name: ${name}, team: storefront, source: { repository: acme/${name} }, build: { main: ./cmd/${name} } }`;
const catalog = catalogOf({ services: [service('hello'), service('other')] });
const administrator = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

let account: Account;
beforeAll(() => {
  account = accountOf(synthesize({ parsed: catalog }), { administrator });
});

const withoutAdministrator = (roles: readonly string[]) => roles.filter((role) => role !== 'administrator');
const repository = (name: string) => `arn:aws:ecr:eu-west-1:111111111111:repository/${name}`;
const artifact = (pipeline: string, name: string) =>
  `arn:aws:s3:::acme-artifacts-111111111111-eu-west-1/${pipeline}/${name}/AbC123.zip`;

describe('permissions of roles', () => {
  test('a platform has exactly these roles', () => {
    expect(withoutAdministrator([...account.roles.keys()]).sort()).toEqual([
      'acme-hello-build',
      'acme-hello-run',
      'acme-other-build',
      'acme-other-run',
      'acme-promote',
      'acme-releases',
      'acme-rescan',
      'acme-rescan-pipeline',
      'acme-rescan-schedule',
      'acme-scan',
      'acme-sign',
      'acme-toolbox',
    ]);
  });

  test('only the toolbox project pushes the toolbox, and no release can start it', () => {
    const toolbox = repository('acme/platform/toolbox');
    expect(withoutAdministrator(account.whoMay('ecr:PutImage', toolbox))).toEqual(['acme-toolbox']);
    expect(
      withoutAdministrator(
        account.whoMay('codebuild:StartBuild', 'arn:aws:codebuild:eu-west-1:111111111111:project/acme-toolbox'),
      ),
    ).toEqual([]);
    expect(account.may('acme-toolbox', 'ecr:PutImage', repository('acme/hello'))).toBe('denied');
    expect(account.may('acme-toolbox', 's3:GetObject', artifact('acme-hello', 'Source'))).toBe('denied');
  });

  test.each(['alias/acme-nonproduction', 'alias/acme-production'])(
    'only the sign role can sign with %s, not even an administrator',
    (alias) => {
      const key = account.keys.get(alias) as string;
      expect(account.whoMay('kms:Sign', key)).toEqual(['acme-sign']);
      expect(account.may('administrator', 'kms:Sign', key)).toBe('denied explicitly');
      expect(account.whoMay('kms:CreateGrant', key)).toEqual([]);
      expect(account.whoMay('kms:PutKeyPolicy', key)).toEqual(['administrator']);
    },
  );

  test('the sign role cannot use a key without an alias of the platform', () => {
    const key = account.keys.get('alias/acme-production') as string;
    expect(account.may('acme-sign', 'kms:Sign', key, { 'kms:ResourceAliases': 'alias/payroll' })).toBe('denied');
  });

  test.each(['hello', 'other'])('only the build of %s pushes its image', (name) => {
    const { images, cache, signatures } = serviceNames(catalog.platform, name);
    for (const action of [
      'ecr:PutImage',
      'ecr:InitiateLayerUpload',
      'ecr:UploadLayerPart',
      'ecr:CompleteLayerUpload',
    ]) {
      expect(withoutAdministrator(account.whoMay(action, repository(images)))).toEqual([`acme-${name}-build`]);
      expect(withoutAdministrator(account.whoMay(action, repository(cache)))).toEqual([`acme-${name}-build`]);
      expect(withoutAdministrator(account.whoMay(action, repository(signatures)))).toEqual(['acme-sign']);
    }
  });

  test('no role deletes an image or changes the settings of a repository', () => {
    for (const action of [
      'ecr:BatchDeleteImage',
      'ecr:DeleteRepository',
      'ecr:PutImageTagMutability',
      'ecr:SetRepositoryPolicy',
      'ecr:PutLifecyclePolicy',
    ]) {
      expect(withoutAdministrator(account.whoMay(action, repository('acme/hello')))).toEqual([]);
    }
  });

  test.each([
    ['Source', ['acme-hello-build', 'acme-hello-run', 'acme-scan'], ['acme-hello-run']],
    ['Bowline', ['acme-hello-build', 'acme-hello-run', 'acme-promote', 'acme-scan', 'acme-sign'], ['acme-hello-run']],
    ['Catalog', ['acme-hello-build', 'acme-hello-run', 'acme-promote', 'acme-scan', 'acme-sign'], ['acme-hello-run']],
    ['Built', ['acme-hello-run', 'acme-scan'], ['acme-hello-build', 'acme-hello-run']],
    ['Scanned', ['acme-hello-run', 'acme-sign'], ['acme-hello-run', 'acme-scan']],
    ['SignedNonp', ['acme-hello-run', 'acme-promote', 'acme-sign'], ['acme-hello-run', 'acme-sign']],
    ['PromotedDe', ['acme-hello-run'], ['acme-hello-run', 'acme-promote']],
  ])('%s can be read by %j and written by %j', (name, readers, writers) => {
    expect(withoutAdministrator(account.whoMay('s3:GetObject', artifact('acme-hello', name)))).toEqual(readers);
    expect(withoutAdministrator(account.whoMay('s3:PutObject', artifact('acme-hello', name)))).toEqual(writers);
  });

  test('artifacts are accessible over TLS only', () => {
    expect(
      account.may('administrator', 's3:GetObject', artifact('acme-hello', 'Source'), {
        'aws:SecureTransport': 'false',
      }),
    ).toBe('denied explicitly');
  });

  test('only promote and the list of what runs read the git credential, no job that runs scanners does, and they read no other secret', () => {
    const secret = (name: string) => `arn:aws:secretsmanager:eu-west-1:111111111111:secret:${name}`;
    expect(
      withoutAdministrator(account.whoMay('secretsmanager:GetSecretValue', secret('acme/github-app-AbCdEf'))),
    ).toEqual(['acme-promote', 'acme-releases']);
    expect(
      withoutAdministrator(account.whoMay('secretsmanager:GetSecretValue', secret('acme/github-app-other-AbCdEf'))),
    ).toEqual([]);
  });

  test('promote writes only its log and its own artifact on AWS', () => {
    const actions = account.roles.get('acme-promote')?.permissions.flatMap(({ actions }) => actions) ?? [];
    expect([...new Set(actions)].sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetBucketAcl',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
    ]);
  });

  test('each pipeline starts its own build and the shared projects only', () => {
    const project = (name: string) => `arn:aws:codebuild:eu-west-1:111111111111:project/${name}`;
    expect(withoutAdministrator(account.whoMay('codebuild:StartBuild', project('acme-hello-build')))).toEqual([
      'acme-hello-run',
    ]);
    expect(withoutAdministrator(account.whoMay('codebuild:StartBuild', project('acme-sign')))).toEqual([
      'acme-hello-run',
      'acme-other-run',
    ]);
  });

  test('the judgement of what runs writes nothing but its log, and the list of what runs only its artifact besides', () => {
    const written = (role: string) => [
      ...new Set(
        (account.roles.get(role)?.permissions ?? [])
          .flatMap(({ actions }) => actions)
          .filter((action) => !/:(?:Get|BatchGet|BatchCheck|List|Describe)/.test(action)),
      ),
    ];
    expect(written('acme-rescan')).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    expect(written('acme-releases')).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents', 's3:PutObject']);
    expect(account.may('acme-releases', 's3:PutObject', artifact('acme.rescan', 'Running'))).toBe('allowed');
    for (const pipeline of ['acme-hello', 'acme-other']) {
      expect(account.may('acme-releases', 's3:PutObject', artifact(pipeline, 'Running'))).toBe('denied');
    }
    expect(account.may('acme-rescan', 'ecr:BatchGetImage', repository('acme/signatures/hello'))).toBe('allowed');
    expect(account.may('acme-rescan', 'ecr:PutImage', repository('acme/hello'))).toBe('denied');
  });

  test('no action has a wildcard, and "*" is a resource only of an action that supports no other', () => {
    for (const [name, { permissions }] of account.roles) {
      if (name !== 'administrator') {
        for (const { sid, actions, resources, effect } of permissions) {
          expect(effect).toBe('Allow');
          expect([sid, actions.filter((action) => action.includes('*'))]).toEqual([sid, []]);
          expect([sid, resources.includes('*')]).toEqual([sid, sid === 'LogInToRegistry']);
        }
      }
    }
  });
});
