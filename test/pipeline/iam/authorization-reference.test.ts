import { findReferenceProblems } from '../../iam/authorization-reference';
import { type PlacedStatement, statementsOfDocuments, statementsOfTemplates } from '../../iam/every-policy';
import { parsePolicy } from '../../iam/policy';
import { onCodeCommit, onGitHub } from '../rich-platforms';
import { catalogOf, pullRequestsOf, synthesize } from '../synthesize';

const example = { pullRequests: pullRequestsOf(), roleEvents: true };
const platforms = { example, github: onGitHub, codecommit: onCodeCommit };

describe.each(Object.entries(platforms))('in the platform %s', (_, props) => {
  const templates = statementsOfTemplates(synthesize(props));
  const { platform } = ('parsed' in props ? props.parsed : undefined) ?? catalogOf({});
  const documents = statementsOfDocuments(platform, pullRequestsOf().connection);

  test('templates have policies of roles, trust and resources', () => {
    expect(new Set(templates.map(({ kind }) => kind))).toEqual(new Set(['identity', 'trust', 'resource']));
    expect(templates.length).toBeGreaterThan(60);
  });

  test('every action of the templates exists, supports its resources, and knows its condition keys', async () => {
    expect(await findReferenceProblems(templates)).toEqual([]);
  });

  test('every action of the boundary and of the deployment policies does, too', async () => {
    expect(documents.length).toBeGreaterThan(20);
    expect(await findReferenceProblems(documents)).toEqual([]);
  });
});

describe('the reference', () => {
  const problemsOf = (statement: object, kind: PlacedStatement['kind'] = 'identity') =>
    findReferenceProblems(
      parsePolicy({ Statement: { Sid: 'S', Effect: 'Allow', ...statement } }).map((one) => ({
        place: 'P',
        kind,
        statement: one,
      })),
    );

  test.each([
    ['an action that does not exist', { Action: 'ecr:PushImage', Resource: '*' }, 'there is no action ecr:PushImage'],
    ['a service that does not exist', { Action: 'ecs3:Put', Resource: '*' }, 'there is no action ecs3:Put'],
    [
      'a bucket for an action on objects',
      { Action: 's3:GetObject', Resource: 'arn:aws:s3:::bucket' },
      's3:GetObject supports none of arn:aws:s3:::bucket',
    ],
    [
      'an object for an action on buckets',
      { Action: 's3:ListBucket', Resource: 'arn:aws:s3:::bucket/key' },
      's3:ListBucket supports none of arn:aws:s3:::bucket/key',
    ],
    [
      'all resources for an action that supports resources',
      { Action: 'ecr:PutImage', Resource: '*' },
      'ecr:PutImage supports none of *',
    ],
    [
      'a region in the ARN of a dashboard',
      { Action: 'cloudwatch:PutDashboard', Resource: 'arn:aws:cloudwatch:eu-west-1:111111111111:dashboard/a' },
      'cloudwatch:PutDashboard supports none of arn:aws:cloudwatch:eu-west-1:111111111111:dashboard/a',
    ],
    [
      'a resource that no action supports',
      { Action: 'kms:Sign', Resource: ['arn:aws:kms:eu-west-1:111111111111:key/*', 'arn:aws:sns:eu-west-1:1:topic'] },
      'no action of the statement supports arn:aws:sns:eu-west-1:1:topic',
    ],
    [
      'a condition key of another service',
      {
        Action: 'kms:Sign',
        Resource: 'arn:aws:kms:eu-west-1:111111111111:key/*',
        Condition: { StringEquals: { 'ecr:ResourceTag/a': 'b' } },
      },
      'kms:Sign does not know the condition key ecr:ResourceTag/a',
    ],
    [
      'a tag of a request without tags',
      {
        Action: 'kms:Sign',
        Resource: 'arn:aws:kms:eu-west-1:111111111111:key/*',
        Condition: { StringEquals: { 'aws:RequestTag/a': 'b' } },
      },
      'kms:Sign does not know the condition key aws:RequestTag/a',
    ],
    [
      'an operator of another type',
      {
        Action: 'kms:Sign',
        Resource: 'arn:aws:kms:eu-west-1:111111111111:key/*',
        Condition: { Bool: { 'kms:KeySpec': 'x' } },
      },
      'the condition key kms:KeySpec is of type String, which Bool does not compare',
    ],
  ])('finds %s', async (_, statement, problem) => {
    expect(await problemsOf(statement)).toContain(`P: ${problem}`);
  });

  test('knows that a pattern stands for the actions of its service', async () => {
    expect(await problemsOf({ Action: 'kms:*', Resource: '*' }, 'resource')).toEqual([]);
    expect(await problemsOf({ Action: 'kms:Nothing*', Resource: '*' })).toEqual(['P: there is no action kms:Nothing*']);
  });
});
