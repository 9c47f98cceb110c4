import { namedRights } from '../../../lib/pipeline/rules/named-rights';
import { holdRule, resource } from './hold-rule';

const role = (statement: object, more: object = {}) =>
  resource('AWS::IAM::Role', {
    RoleName: 'r',
    Policies: [{ PolicyDocument: { Statement: [{ Sid: 'S', ...statement }] } }],
    ...more,
  });

holdRule(namedRights, {
  passes: {
    'a named action on a named resource': role({ Action: 's3:GetObject', Resource: 'arn:aws:s3:::b/*' }),
    'an action that knows no resource': role({ Action: 'ecr:GetAuthorizationToken', Resource: '*' }),
  },
  finds: {
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
