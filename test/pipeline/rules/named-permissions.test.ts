import { namedPermissions } from '../../../lib/pipeline/rules/named-permissions';
import { checkRule, resource } from './check-rule';

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
    'an action that knows no resource': role({ Action: 'ecr:GetAuthorizationToken', Resource: '*' }),
    'a denial of everything': role({ Effect: 'Deny', Action: '*', Resource: '*' }),
    'a policy apart, that names all': policy('AWS::IAM::Policy', {
      Action: 's3:GetObject',
      Resource: 'arn:aws:s3:::b/*',
    }),
  },
  finds: {
    'a policy apart from its role': [policy('AWS::IAM::Policy', { Action: '*', Resource: '*' }), 'p: S allows *'],
    'a managed policy of its own': [
      policy('AWS::IAM::ManagedPolicy', { Action: 's3:PutObject', Resource: '*' }),
      'p: S allows s3:PutObject on everything',
    ],
    "a user's policy": [policy('AWS::IAM::UserPolicy', { Action: 'iam:*', Resource: 'x' }), 'allows iam:*'],
    'an action with a hole of one letter': [role({ Action: 'kms:Sig?', Resource: 'x' }), 'r: S allows kms:Sig?'],
    ...Object.fromEntries(
      ['**', '?*', '*?', 'arn:*', 'arn:*:*:*:*:*', '*:*'].map((everything) => [
        `everything, written ${everything}`,
        [role({ Action: 'ecr:PutImage', Resource: everything }), 'on everything'] as const,
      ]),
    ),
    'a wildcard action': [role({ Action: ['s3:Get*'], Resource: 'arn:aws:s3:::b/*' }), 'r: S allows s3:Get*'],
    'everything as a resource': [
      role({ Action: 'ecr:PutImage', Resource: '*' }),
      'r: S allows ecr:PutImage on everything',
    ],
    'everything, hidden beside an action that knows no resource': [
      role({ Action: ['ecr:GetAuthorizationToken', 'ecr:PutImage'], Resource: '*' }),
      'on everything',
    ],
    'an exception instead of a right': [role({ NotAction: 'iam:*', Resource: 'x' }), 'excepted'],
    'a managed policy': [
      role({}, { ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] }),
      'managed policy',
    ],
  },
});
