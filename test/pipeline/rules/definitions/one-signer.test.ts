import fc from 'fast-check';
import { oneSigner } from '../../../../lib/pipeline/rules/definitions/one-signer';
import { checkRule, resource } from '../check-rule';

const sign = 'arn:aws:iam::111111111111:role/acme-sign';
const allow = { Effect: 'Allow', Action: ['kms:Sign'], Condition: { ArnEquals: { 'aws:PrincipalArn': sign } } };
const deny = {
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Action: 'kms:Sign',
  Condition: { ArnNotEquals: { 'aws:PrincipalArn': sign } },
};
const key = (...Statement: readonly object[]) =>
  resource('AWS::KMS::Key', { KeyUsage: 'SIGN_VERIFY', KeyPolicy: { Statement } });

checkRule(oneSigner, {
  passes: {
    'one signer and a denial for all others': key(allow, deny),
    'an additional statement for everything except signing': key(allow, deny, {
      Effect: 'Allow',
      NotAction: ['kms:Sign', 'kms:CreateGrant'],
    }),
    'a key that encrypts': resource('AWS::KMS::Key', {
      KeyPolicy: { Statement: { Effect: 'Allow', Action: 'kms:*' } },
    }),
  },
  finds: {
    'a denial for one user': [
      key(allow, { ...deny, Principal: { AWS: 'arn:aws:iam::111111111111:user/eve' } }),
      'not denied to all but one role (the exception is missing)',
    ],
    'a denial with another condition': [
      key(allow, { ...deny, Condition: { ...deny.Condition, Bool: { 'aws:MultiFactorAuthPresent': 'false' } } }),
      'the exception is missing',
    ],
    'a denial of everything except signing': [
      key(allow, { Effect: 'Deny', Principal: '*', NotAction: ['kms:Sign'], Condition: deny.Condition }),
      'the exception is missing',
    ],
    'an allow statement with an unrelated exception': [
      key(allow, deny, { Effect: 'Allow', NotAction: ['kms:Decrypt'] }),
      /allowed to .*anyone.*\n.*CreateGrant/,
    ],
    'an allow statement with a wildcard': [key(allow, deny, { Effect: 'Allow', Action: 'KMS:S?gn' }), 'anyone'],
    'a denial that excepts a wildcard for one letter': [
      key(
        { ...allow, Condition: { ArnEquals: { 'aws:PrincipalArn': `${sign}?` } } },
        { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': `${sign}?` } } },
      ),
      'not denied to all but one role',
    ],
    'an allow statement without a denial': [key(allow), 'not denied to all but one role (the exception is missing)'],
    'the default policy of the CDK': [
      key({ Effect: 'Allow', Action: 'kms:*' }, deny),
      /allowed to anyone.*\n.*CreateGrant/,
    ],
    'a denial that excepts a wildcard': [
      key(allow, { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } } }),
      'not denied to all but one role',
    ],
    'a second signer': [key(allow, deny, { Effect: 'Allow', Action: 'kms:Sign' }), 'kms:Sign is allowed to'],
    'permission to create grants': [
      key(allow, deny, { Effect: 'Allow', Action: 'kms:CreateGrant' }),
      'a grant lets another principal sign',
    ],
  },
});

test("no role with a name similar to the signer's is accepted as the signer", () => {
  const piece = fc.stringMatching(/^[a-z*?-]{0,4}$/);
  fc.assert(
    fc.property(piece, piece, fc.constantFrom('Allow', 'Deny'), (before, after, which) => {
      const other = `arn:aws:iam::111111111111:role/${before}acme-sign${after}`;
      const changed =
        which === 'Allow'
          ? key({ ...allow, Condition: { ArnEquals: { 'aws:PrincipalArn': other } } }, deny)
          : key(allow, { ...deny, Condition: { ArnNotEquals: { 'aws:PrincipalArn': other } } });
      expect(oneSigner.check(changed).length > 0).toBe(other !== sign);
    }),
  );
});
