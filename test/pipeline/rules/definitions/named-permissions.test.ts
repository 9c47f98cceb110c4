import { namedPermissions } from '../../../../lib/pipeline/rules/definitions/named-permissions';
import { checkRule, resource } from '../check-rule';

const role = (statement: object, more: object = {}) =>
  resource('AWS::IAM::Role', {
    RoleName: 'r',
    Policies: [{ PolicyDocument: { Statement: [{ Sid: 'S', ...statement }] } }],
    ...more,
  });

const policy = (Type: string, statement: object) =>
  resource(Type, { PolicyName: 'p', PolicyDocument: { Statement: { Sid: 'S', Effect: 'Allow', ...statement } } });

checkRule(namedPermissions, {
  passes: {
    'a named action on a named resource': role({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }),
    'an action that supports no resource': role({ Action: 'ecr:GetAuthorizationToken', Resource: '*' }),
    'a denial of everything': role({ Effect: 'Deny', Action: '*', Resource: '*' }),
    'a separate policy with names': policy('AWS::IAM::Policy', {
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::b/*',
    }),
  },
  finds: {
    'a separate policy with wildcards': [policy('AWS::IAM::Policy', { Action: '*', Resource: '*' }), 'p: S allows *'],
    'a separate managed policy': [
      policy('AWS::IAM::ManagedPolicy', { Action: 's3:PutObject', Resource: '*' }),
      'p: S allows s3:PutObject on every resource',
    ],
    "a user's policy": [policy('AWS::IAM::UserPolicy', { Action: 'iam:*', Resource: 'x' }), 'allows iam:*'],
    'an action with a wildcard for one letter': [role({ Action: 'kms:Sig?', Resource: 'x' }), 'r: S allows kms:Sig?'],
    ...Object.fromEntries(
      ['**', '?*', '*?', 'arn:*', 'arn:*:*:*:*:*', '*:*'].map((resourcePattern) => [
        `every resource, written as ${resourcePattern}`,
        [role({ Action: 'ecr:PutImage', Resource: resourcePattern }), 'on every resource'] as const,
      ]),
    ),
    'a wildcard action': [role({ Action: ['s3:Get*'], Resource: 'arn:aws:s3:::b/*' }), 'r: S allows s3:Get*'],
    'every resource': [role({ Action: 'ecr:PutImage', Resource: '*' }), 'r: S allows ecr:PutImage on every resource'],
    'every resource beside an action that supports no resource': [
      role({ Action: ['ecr:GetAuthorizationToken', 'ecr:PutImage'], Resource: '*' }),
      'on every resource',
    ],
    'an exception instead of an action': [
      role({ NotAction: 'iam:*', Resource: 'x' }),
      'everything except for what it names',
    ],
    'a managed policy': [
      role({}, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] }),
      'managed policy',
    ],
  },
});
