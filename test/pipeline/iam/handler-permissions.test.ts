import { loadCatalog, type Platform } from '../../../lib/catalog';
import { deploymentPolicies, type PlatformProps } from '../../../lib/pipeline';
import { evaluate } from '../../iam/evaluate';
import { parsePolicy } from '../../iam/policy';
import { onCodeCommit, onGitHub } from '../rich-platforms';
import { exampleCatalog, pullRequestsOf, type Resource, synthesize } from '../synthesize';
import { notNeeded } from './handlers-not-needed';
import { type HandlerCalls, handlerCalls } from './resource-schemas';

const account = '111111111111';
const { connection } = pullRequestsOf();

const example = { pullRequests: pullRequestsOf(), roleEvents: true };
const platforms: Readonly<Record<string, Partial<PlatformProps>>> = {
  example,
  github: onGitHub,
  codecommit: onCodeCommit,
};

/** A resource of a template, in the region of its stack. */
interface Placed {
  readonly stack: string;
  readonly region: string;
  readonly type: string;
  readonly properties: Resource['Properties'];
}

function resourcesWithRegion(props: Partial<PlatformProps>): readonly Placed[] {
  return [...synthesize(props).templates].flatMap(([stack, { Resources }]) =>
    Object.values(Resources).map(({ Type, Properties }) => ({
      stack,
      // The only stack outside the region of the pipelines forwards the events of IAM.
      region: stack.endsWith('-role-events') ? 'us-east-1' : 'eu-west-1',
      type: Type,
      properties: Properties ?? {},
    })),
  );
}

/** The ARN that a handler's calls are about, by the service of the action. */
function arnOf({ type, region, properties }: Placed, action: string): string {
  const at = (service: string, resource: unknown) => `arn:aws:${service}:${region}:${account}:${resource}`;
  const role = (name: unknown) => `arn:aws:iam::${account}:role/${name}`;
  if (action === 'iam:CreateServiceLinkedRole') {
    return serviceLinkedRoles[type] ?? role('none');
  }
  if (action === 'iam:PassRole' || (action === 'iam:GetRole' && type !== 'AWS::IAM::Role')) {
    return role('acme-any');
  }
  if (action.endsWith(':PassConnection')) {
    return loadCatalog(exampleCatalog).platform.source.connection ?? '*';
  }
  if (action === 'secretsmanager:GetSecretValue') {
    return at('secretsmanager', 'secret:ecr-pullthroughcache/docker-AbCdEf');
  }
  if (withoutResource.has(action)) {
    return '*';
  }
  switch (type) {
    case 'AWS::CloudWatch::Alarm':
      return at('cloudwatch', `alarm:${properties.AlarmName}`);
    case 'AWS::CloudWatch::Dashboard':
      return `arn:aws:cloudwatch::${account}:dashboard/${properties.DashboardName}`;
    case 'AWS::CodeBuild::Project':
      return at('codebuild', `project/${properties.Name}`);
    case 'AWS::CodePipeline::Pipeline':
      return at('codepipeline', properties.Name);
    case 'AWS::ECR::Repository':
      return at('ecr', `repository/${properties.RepositoryName}`);
    case 'AWS::ECR::RepositoryCreationTemplate':
      return at('ecr', `repository/${properties.Prefix}/any`);
    case 'AWS::Events::Rule':
      return at('events', `rule/${properties.Name}`);
    case 'AWS::IAM::Role':
      return role(properties.RoleName);
    case 'AWS::KMS::Alias':
      return at('kms', properties.AliasName);
    case 'AWS::KMS::Key':
      return at('kms', 'key/any');
    case 'AWS::Logs::LogGroup':
      return at('logs', `log-group:${properties.LogGroupName}`);
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${properties.BucketName}`;
    case 'AWS::S3::BucketPolicy':
      return 'arn:aws:s3:::acme-artifacts-111111111111-eu-west-1';
    case 'AWS::SNS::Topic':
      return at('sns', properties.TopicName);
    case 'AWS::SNS::TopicPolicy':
      return at('sns', 'acme-releases');
    default:
      throw new Error(`the test has no ARN for ${type} and ${action}`);
  }
}

/** Actions that support no resource (https://docs.aws.amazon.com/service-authorization/latest/reference/). */
const withoutResource: ReadonlySet<string> = new Set([
  'ecr:CreatePullThroughCacheRule',
  'ecr:CreateRepositoryCreationTemplate',
  'ecr:DeletePullThroughCacheRule',
  'ecr:DeleteRepositoryCreationTemplate',
  'ecr:DescribePullThroughCacheRules',
  'ecr:DescribeRepositoryCreationTemplates',
  'ecr:UpdatePullThroughCacheRule',
  'ecr:UpdateRepositoryCreationTemplate',
  'kms:CreateKey',
  'kms:ListAliases',
  'kms:ListKeys',
  'logs:DescribeLogGroups',
]);

/** https://docs.aws.amazon.com/AmazonECR/latest/userguide/using-service-linked-roles.html */
const serviceLinkedRoles: Readonly<Record<string, string>> = {
  'AWS::ECR::PullThroughCacheRule': `arn:aws:iam::${account}:role/aws-service-role/pullthroughcache.ecr.amazonaws.com/AWSServiceRoleForECRPullThroughCache`,
  'AWS::ECR::RepositoryCreationTemplate': `arn:aws:iam::${account}:role/aws-service-role/ecr.amazonaws.com/AWSServiceRoleForECRTemplate`,
};

/** The condition keys of a request that follow from the template. */
function contextOf({ type, properties }: Placed): Readonly<Record<string, string>> {
  const { Tags = [], KeySpec, KeyUsage, PermissionsBoundary } = properties;
  const context: Record<string, string> = { 'iam:PassedToService': passedTo[type] ?? '' };
  const linkedRole = serviceLinkedRoles[type];
  if (linkedRole !== undefined) {
    context['iam:AWSServiceName'] = linkedRole.split('/')[2] ?? '';
  }
  for (const { Key, Value } of Tags as readonly { readonly Key: string; readonly Value: string }[]) {
    context[`aws:RequestTag/${Key}`] = Value;
    context[`aws:ResourceTag/${Key}`] = Value;
  }
  if (KeySpec !== undefined) {
    context['kms:KeySpec'] = String(KeySpec);
    context['kms:KeyUsage'] = String(KeyUsage);
  }
  if (PermissionsBoundary !== undefined) {
    context['iam:PermissionsBoundary'] = String(PermissionsBoundary);
  }
  return context;
}

const passedTo: Readonly<Record<string, string>> = {
  'AWS::CodeBuild::Project': 'codebuild.amazonaws.com',
  'AWS::CodePipeline::Pipeline': 'codepipeline.amazonaws.com',
  'AWS::Events::Rule': 'events.amazonaws.com',
};

/**
 * CloudFormation has projects from the time before its registry, so their schema has no handlers: the API calls for the properties in use
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-codebuild-project.html).
 */
const projectCalls: HandlerCalls = new Map(
  [
    'codebuild:BatchGetProjects',
    'codebuild:CreateProject',
    'codebuild:CreateWebhook',
    'codebuild:DeleteProject',
    'codebuild:DeleteWebhook',
    'codebuild:UpdateProject',
    'codebuild:UpdateWebhook',
    'iam:PassRole',
  ].map((action) => [action, ['create', 'update', 'delete']]),
);

describe.each(Object.entries(platforms))('in the platform %s', (_, props) => {
  const resources = resourcesWithRegion(props);
  const { platform }: { readonly platform: Platform } = props.parsed ?? loadCatalog(exampleCatalog);
  const policy = deploymentPolicies(platform, props.pullRequests?.connection).flatMap(({ document }) =>
    parsePolicy(document),
  );
  const may = (action: string, resource: string, context: Readonly<Record<string, string>> = {}) =>
    evaluate({ principal: `arn:aws:iam::${account}:role/cdk-exec`, action, resource, context }, { identity: policy });

  test('the deployment policies allow each call of a handler, unless a reason says that it is not needed', () => {
    const denied = new Set<string>();
    for (const resource of resources) {
      const calls = handlerCalls(resource.type, resource.region) ?? projectCalls;
      for (const [action, handlers] of calls) {
        if (may(action, arnOf(resource, action), contextOf(resource)) !== 'allowed' && !isNotNeeded(action, resource)) {
          denied.add(`${resource.type}: ${action} (${[...new Set(handlers)].join(', ')})`);
        }
      }
    }
    expect([...denied].sort()).toEqual([]);
  });

  test('CloudFormation may read the version of the CDK bootstrap in the region of every stack', () => {
    for (const region of new Set(resources.map((resource) => resource.region))) {
      const parameter = `arn:aws:ssm:${region}:${account}:parameter/cdk-bootstrap/hnb659fds/version`;
      expect([region, may('ssm:GetParameters', parameter)]).toEqual([region, 'allowed']);
    }
  });

  // CreateProject and CreateWebhook check the connection of the project with the credentials of the caller: without these permissions, they
  // answer "Access denied to connection" (https://github.com/aws/aws-cdk/issues/31726).
  const webhooks = resources.filter(({ properties }) => properties.Triggers !== undefined);
  if (webhooks.length > 0) {
    test.each(['GetConnection', 'GetConnectionToken', 'PassConnection', 'UseConnection'])(
      'CloudFormation may %s for the webhooks of pull requests, under both names of the service',
      (action) => {
        for (const service of ['codeconnections', 'codestar-connections']) {
          expect([service, may(`${service}:${action}`, connection)]).toEqual([service, 'allowed']);
        }
      },
    );
  }
});

function isNotNeeded(action: string, { type, properties }: Placed): boolean {
  if (action.endsWith(':PassConnection')) {
    return !JSON.stringify(properties).includes('ConnectionArn');
  }
  return notNeeded.some(
    (entry) =>
      entry.type === type &&
      entry.actions.includes(action) &&
      (entry.properties ?? []).every((property) =>
        [undefined, false].includes(properties[property] as undefined | false),
      ),
  );
}

test.each(notNeeded)('$type: the schema has $actions, and the reason is a sentence', ({ type, actions, why }) => {
  const calls = handlerCalls(type, 'eu-west-1');
  expect(actions.filter((action) => calls?.has(action) !== true)).toEqual([]);
  expect(why.length).toBeGreaterThan(30);
});
