import { oneSigner } from '../../../lib/pipeline/rules/one-signer';
import { holdRule, resource } from './hold-rule';

const sign = 'arn:aws:iam::111111111111:role/acme-sign';
const allow = { Effect: 'Allow', Action: ['kms:Sign'], Condition: { ArnEquals: { 'aws:PrincipalArn': sign } } };
const deny = { Effect: 'Deny', Action: 'kms:Sign', Condition: { ArnNotEquals: { 'aws:PrincipalArn': sign } } };
const key = (...Statement: readonly object[]) =>
  resource('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY', KeyPolicy: { Statement } });

holdRule(oneSigner, {
  passes: {
    'one signer, all others denied': key(allow, deny),
    'a key that encrypts': resource('AWS::KMS::Key', {
      KeyPolicy: { Statement: { Effect: 'Allow', Action: 'kms:*' } },
    }),
  },
  finds: {
    'an allowance without a denial': [key(allow), 'not denied to all but one role (the exception is missing)'],
    'the policy that CDK writes by default': [
      key({ Effect: 'Allow', Action: 'kms:*' }, deny),
      /allowed to anyone.*\n.*CreateGrant/,
    ],
    'a denial that excepts a wildcard': [
      key(allow, { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } } }),
      'not denied to all but one role',
    ],
    'a second signer': [key(allow, deny, { Effect: 'Allow', Action: 'kms:Sign' }), 'kms:Sign is allowed to'],
    'a way around by grants': [key(allow, deny, { Effect: 'Allow', Action: 'kms:CreateGrant' }), 'a way around'],
  },
});
