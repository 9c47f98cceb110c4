import fc from 'fast-check';
import { loadCatalog } from '../../../lib/catalog';
import { deploymentPolicies, deploymentWildcards } from '../../../lib/pipeline';
import { managedPolicyLimit } from '../../../lib/pipeline/iam/deployment-permissions';
import { evaluate } from '../../iam/evaluate';
import { parsePolicy } from '../../iam/policy';
import { exampleCatalog, pullRequestsOf, type Resource, resourcesOf, synthesize } from '../synthesize';
import { anyPlatform, longestPlatform } from './any-platform';

const { platform } = loadCatalog(exampleCatalog);
const policy = deploymentPolicies(platform).flatMap(({ document }) => parsePolicy(document));
const account = '111111111111';
const at = (service: string, resource: string) => `arn:aws:${service}:eu-west-1:${account}:${resource}`;

const may = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
  evaluate({ principal: `arn:aws:iam::${account}:role/cdk-exec`, action, resource, context }, { identity: policy });

/** Calls of CloudFormation's handlers when they create and delete a resource with the properties in use (cfn-lint 1.58.0). */
const handlers: Readonly<
  Record<string, { readonly arn: (properties: Resource['Properties']) => string; readonly calls: string }>
> = {
  'AWS::CloudWatch::Alarm': {
    arn: ({ AlarmName }) => at('cloudwatch', `alarm:${AlarmName}`),
    calls: 'cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:DeleteAlarms',
  },
  'AWS::CloudWatch::Dashboard': {
    arn: ({ DashboardName }) => `arn:aws:cloudwatch::${account}:dashboard/${DashboardName}`,
    calls:
      'cloudwatch:GetDashboard cloudwatch:PutDashboard cloudwatch:TagResource cloudwatch:ListTagsForResource cloudwatch:UntagResource cloudwatch:DeleteDashboards',
  },
  'AWS::CodeBuild::Project': {
    arn: ({ Name }) => at('codebuild', `project/${Name}`),
    calls:
      'codebuild:CreateProject codebuild:UpdateProject codebuild:DeleteProject codebuild:BatchGetProjects codebuild:CreateWebhook',
  },
  'AWS::CodePipeline::Pipeline': {
    arn: ({ Name }) => at('codepipeline', String(Name)),
    calls:
      'codepipeline:CreatePipeline codepipeline:GetPipeline codepipeline:UpdatePipeline codepipeline:DeletePipeline',
  },
  'AWS::ECR::Repository': {
    arn: ({ RepositoryName }) => at('ecr', `repository/${RepositoryName}`),
    calls:
      'ecr:CreateRepository ecr:PutLifecyclePolicy ecr:SetRepositoryPolicy ecr:DescribeRepositories ecr:DeleteRepository',
  },
  'AWS::Events::Rule': {
    arn: ({ Name }) => at('events', `rule/${Name}`),
    calls: 'events:DescribeRule events:PutRule events:PutTargets events:RemoveTargets events:DeleteRule',
  },
  'AWS::IAM::Role': {
    arn: ({ RoleName }) => `arn:aws:iam::${account}:role/${RoleName}`,
    calls:
      'iam:CreateRole iam:PutRolePolicy iam:GetRole iam:GetRolePolicy iam:UpdateAssumeRolePolicy iam:ListRoleTags iam:DeleteRolePolicy iam:DeleteRole',
  },
  'AWS::KMS::Alias': {
    arn: ({ AliasName }) => at('kms', String(AliasName)),
    calls: 'kms:CreateAlias kms:UpdateAlias kms:DeleteAlias',
  },
  'AWS::KMS::Key': {
    arn: () => at('kms', 'key/any'),
    calls:
      'kms:CreateKey kms:TagResource kms:DescribeKey kms:PutKeyPolicy kms:GetKeyPolicy kms:ScheduleKeyDeletion kms:CreateAlias',
  },
  'AWS::Logs::LogGroup': {
    arn: ({ LogGroupName }) => at('logs', `log-group:${LogGroupName}`),
    calls:
      'logs:CreateLogGroup logs:PutRetentionPolicy logs:DescribeLogGroups logs:DescribeIndexPolicies logs:GetDataProtectionPolicy logs:DeleteLogGroup',
  },
  'AWS::S3::Bucket': {
    arn: ({ BucketName }) => `arn:aws:s3:::${BucketName}`,
    calls:
      's3:CreateBucket s3:PutEncryptionConfiguration s3:PutBucketVersioning s3:PutLifecycleConfiguration s3:PutBucketPublicAccessBlock s3:TagResource s3:ListTagsForResource s3:UntagResource s3:DeleteBucket',
  },
  'AWS::S3::BucketPolicy': {
    arn: () => 'arn:aws:s3:::acme-artifacts-111111111111-eu-west-1',
    calls: 's3:GetBucketPolicy s3:PutBucketPolicy s3:DeleteBucketPolicy',
  },
  'AWS::SNS::Topic': {
    arn: ({ TopicName }) => at('sns', String(TopicName)),
    calls: 'sns:CreateTopic sns:SetTopicAttributes sns:GetTopicAttributes sns:DeleteTopic',
  },
  'AWS::SNS::TopicPolicy': { arn: () => at('sns', 'acme-releases'), calls: 'sns:SetTopicAttributes' },
};

/** The condition keys of a request that follow from the template: its tags, and the kind of a KMS key. */
function contextOf({ Tags = [], KeySpec, KeyUsage }: Resource['Properties']): Readonly<Record<string, string>> {
  const tags = (Tags as readonly { readonly Key: string; readonly Value: string }[]).flatMap(({ Key, Value }) => [
    [`aws:RequestTag/${Key}`, Value],
    [`aws:ResourceTag/${Key}`, Value],
  ]);
  return {
    ...Object.fromEntries(tags),
    ...(KeySpec === undefined ? {} : { 'kms:KeySpec': String(KeySpec), 'kms:KeyUsage': String(KeyUsage) }),
  };
}

describe('the deployment policies', () => {
  test('allows CloudFormation to create and delete every resource of the templates', () => {
    const assembly = synthesize({ pullRequests: pullRequestsOf(), roleEvents: true });
    for (const { Resources } of assembly.templates.values()) {
      for (const [id, { Type, Properties }] of Object.entries(Resources)) {
        const handler = handlers[Type];
        if (!handler) {
          throw new Error(`${id}: the test has no calls for ${Type}`);
        }
        for (const call of handler.calls.split(' ')) {
          expect([id, call, may(call, handler.arn(Properties), contextOf(Properties))]).toEqual([id, call, 'allowed']);
        }
      }
    }
  });

  test('allows passing the connection of releases, and the connection of pull requests if they are built', () => {
    const releases = platform.source.connection as string;
    const { connection } = pullRequestsOf();
    expect(may('codeconnections:PassConnection', releases)).toBe('allowed');
    expect(may('codeconnections:PassConnection', connection)).toBe('denied');
    expect(JSON.stringify(deploymentPolicies(platform, connection))).toContain(connection);
  });

  test('allows CodeBuild to create the webhook of pull requests with their connection, and to use no other connection', () => {
    const { connection } = pullRequestsOf();
    const withPullRequests = deploymentPolicies(platform, connection).flatMap(({ document }) => parsePolicy(document));
    const decide = (action: string, resource: string) =>
      evaluate(
        { principal: `arn:aws:iam::${account}:role/cdk-exec`, action, resource },
        { identity: withPullRequests },
      );
    for (const prefix of ['codeconnections', 'codestar-connections']) {
      for (const action of ['GetConnection', 'GetConnectionToken', 'UseConnection']) {
        expect(decide(`${prefix}:${action}`, connection)).toBe('allowed');
        expect(decide(`${prefix}:${action}`, platform.source.connection as string)).toBe('denied');
        expect(may(`${prefix}:${action}`, connection)).toBe('denied');
      }
    }
  });

  test('allows reading the version of the CDK bootstrap in both regions of a deployment', () => {
    for (const region of ['eu-west-1', 'us-east-1']) {
      expect(
        may('ssm:GetParameters', `arn:aws:ssm:${region}:${account}:parameter/cdk-bootstrap/hnb659fds/version`),
      ).toBe('allowed');
    }
    expect(may('ssm:GetParameters', at('ssm', 'parameter/payroll'))).toBe('denied');
  });

  test('allows ECR to create the roles of its base image cache, each for its own service only', () => {
    const cached = deploymentPolicies(longestPlatform).flatMap(({ document }) => parsePolicy(document));
    const create = (service: string, name: string, forService: string) =>
      evaluate(
        {
          principal: 'any',
          action: 'iam:CreateServiceLinkedRole',
          resource: `arn:aws-us-gov:iam::${account}:role/aws-service-role/${service}/${name}`,
          context: { 'iam:AWSServiceName': forService },
        },
        { identity: cached },
      );
    const template = ['ecr.amazonaws.com', 'AWSServiceRoleForECRTemplate'] as const;
    const cache = ['pullthroughcache.ecr.amazonaws.com', 'AWSServiceRoleForECRPullThroughCache'] as const;
    expect(create(...template, 'ecr.amazonaws.com')).toBe('allowed');
    expect(create(...cache, 'pullthroughcache.ecr.amazonaws.com')).toBe('allowed');
    expect(create(...template, 'elasticloadbalancing.amazonaws.com')).toBe('denied');
    expect(create('ecr.amazonaws.com', 'AWSServiceRoleForOther', 'ecr.amazonaws.com')).toBe('denied');
  });

  test('allows passing roles to the services that run releases, and to no other service', () => {
    const role = `arn:aws:iam::${account}:role/acme-sign`;
    for (const service of ['codebuild.amazonaws.com', 'codepipeline.amazonaws.com', 'events.amazonaws.com']) {
      expect(may('iam:PassRole', role, { 'iam:PassedToService': service })).toBe('allowed');
    }
    expect(may('iam:PassRole', role, { 'iam:PassedToService': 'lambda.amazonaws.com' })).toBe('denied');
    expect(may('iam:PassRole', role)).toBe('denied');
  });

  test.each([
    ['kms:Sign', at('kms', 'key/any')],
    ['kms:CreateGrant', at('kms', 'key/any')],
    ['ecr:PutImage', at('ecr', 'repository/acme/hello')],
    ['secretsmanager:GetSecretValue', at('secretsmanager', 'secret:acme/github-app-AbCdEf')],
    ['s3:GetObject', 'arn:aws:s3:::acme-artifacts-111111111111-eu-west-1/acme-hello/Source/x'],
    ['iam:CreateRole', `arn:aws:iam::${account}:role/other`],
    ['iam:AttachRolePolicy', `arn:aws:iam::${account}:role/acme-sign`],
    ['iam:CreateUser', `arn:aws:iam::${account}:user/eve`],
    ['codebuild:StartBuild', at('codebuild', 'project/acme-sign')],
    ['codepipeline:StartPipelineExecution', at('codepipeline', 'acme-hello')],
    ['ecr:DeleteRepository', at('ecr', 'repository/payroll')],
    ['lambda:CreateFunction', at('lambda', 'function:acme-x')],
  ])('does not allow %s on %s', (action, resource) => {
    expect(may(action, resource)).toBe('denied');
  });

  describe('for keys', () => {
    const key = at('kms', 'key/any');
    const platformTag = { 'aws:ResourceTag/bowline:platform': 'acme' };
    const signing = { 'kms:KeySpec': 'ECC_NIST_P256', 'kms:KeyUsage': 'SIGN_VERIFY' };
    const encrypting = { 'kms:KeySpec': 'SYMMETRIC_DEFAULT', 'kms:KeyUsage': 'ENCRYPT_DECRYPT' };
    const changes = ['DisableKey', 'EnableKey', 'TagResource', 'UntagResource', 'UpdateKeyDescription'];

    test.each(changes)('allows kms:%s on keys of the platform only', (action) => {
      expect(may(`kms:${action}`, key, { ...signing, ...platformTag })).toBe('allowed');
      expect(may(`kms:${action}`, key, signing)).toBe('denied');
      expect(may(`kms:${action}`, key, { ...signing, 'aws:ResourceTag/bowline:platform': 'other' })).toBe('denied');
    });

    describe.each(['PutKeyPolicy', 'ScheduleKeyDeletion'])(
      'kms:%s, which does not wait until a new tag is known',
      (action) => {
        const mayChange = (context: Readonly<Record<string, string>>) => may(`kms:${action}`, key, context);

        test('is allowed on a signing key whose tag and alias are not known yet', () => {
          expect(mayChange(signing)).toBe('allowed');
          expect(mayChange({ ...signing, ...platformTag })).toBe('allowed');
          expect(mayChange({ ...signing, ...platformTag, 'kms:ResourceAliases': 'alias/acme-production' })).toBe(
            'allowed',
          );
        });

        test("is not allowed on a key of another kind, with another owner's tag, or with another owner's alias", () => {
          expect(mayChange({ ...encrypting, ...platformTag })).toBe('denied');
          expect(mayChange({ ...signing, 'aws:ResourceTag/bowline:platform': 'other' })).toBe('denied');
          expect(mayChange({ ...signing, 'kms:ResourceAliases': 'alias/payroll' })).toBe('denied');
          expect(mayChange({ ...signing, 'kms:ResourceAliases': 'alias/acme-production,alias/payroll' })).toBe(
            'denied',
          );
          expect(mayChange(platformTag)).toBe('denied');
        });
      },
    );

    test('allows creating a key only with the tag of the platform', () => {
      expect(may('kms:CreateKey', '*', { 'aws:RequestTag/bowline:platform': 'acme' })).toBe('allowed');
      expect(may('kms:CreateKey', '*', { 'aws:RequestTag/bowline:platform': 'other' })).toBe('denied');
      expect(may('kms:CreateKey', '*')).toBe('denied');
    });

    test('does not allow tagging a key that has another alias', () => {
      const request = { 'aws:RequestTag/bowline:platform': 'acme' };
      expect(may('kms:TagResource', key, request)).toBe('allowed');
      expect(may('kms:TagResource', key, { ...request, 'kms:ResourceAliases': 'alias/payroll' })).toBe('denied');
    });

    test('allows aliases of the platform only, and only for signing keys', () => {
      for (const action of ['CreateAlias', 'UpdateAlias', 'DeleteAlias']) {
        expect(may(`kms:${action}`, key, signing)).toBe('allowed');
        expect(may(`kms:${action}`, key, encrypting)).toBe('denied');
        expect(may(`kms:${action}`, at('kms', 'alias/acme-production'))).toBe('allowed');
        expect(may(`kms:${action}`, at('kms', 'alias/payroll'))).toBe('denied');
      }
    });

    test('matches the tag of every key in the templates', () => {
      for (const { Properties } of resourcesOf(synthesize(), 'AWS::KMS::Key')) {
        expect(Properties.Tags).toEqual([{ Key: 'bowline:platform', Value: 'acme' }]);
      }
    });
  });

  test('fits into managed policies, for every platform that the catalog allows', () => {
    fc.assert(
      fc.property(anyPlatform, fc.boolean(), (any, hasPullRequests) => {
        const connection = hasPullRequests ? pullRequestsOf().connection : undefined;
        for (const { name, document } of deploymentPolicies(any, connection)) {
          expect(JSON.stringify(document).length).toBeLessThanOrEqual(managedPolicyLimit);
          // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
          expect(name.length).toBeLessThanOrEqual(128);
        }
      }),
    );
  });

  test('the longest platform is near the limit of one policy, and far beyond it in total', () => {
    const sizes = deploymentPolicies(longestPlatform, pullRequestsOf().connection).map(
      ({ document }) => JSON.stringify(document).length,
    );
    expect(Math.max(...sizes)).toBeLessThanOrEqual(managedPolicyLimit);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(managedPolicyLimit);
  });

  test('has a reason for every wildcard', () => {
    for (const { why } of deploymentWildcards(platform)) {
      expect(why.length).toBeGreaterThan(20);
    }
  });
});
