import { forEach, list, member, type Rule } from './rule';

export const oneSigner: Rule = {
  id: 'one-signer',
  title: "A signing key's policy names exactly one signer, and denies everybody else",
  why: 'Whoever can sign can release. An allowance alone is not enough: an administrator with "kms:*", or a grant, would sign too.',
  check: forEach('AWS::KMS::Key', ({ KeyUsage, KeyPolicy }) => {
    if (KeyUsage !== 'SIGN_VERIFY') {
      return [];
    }
    const statements = list(member(KeyPolicy, 'Statement'));
    const about = (action: string, effect: string) =>
      statements.filter(
        (statement) =>
          member(statement, 'Effect') === effect &&
          list(member(statement, 'Action')).some((allowed) => allowed === action || String(allowed).endsWith('*')),
      );
    const denied = about('kms:Sign', 'Deny').flatMap((statement) =>
      list(member(statement, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn')),
    );
    const signers = new Set(
      about('kms:Sign', 'Allow').flatMap((statement) => {
        const named = list(member(statement, 'Condition', 'ArnEquals', 'aws:PrincipalArn'));
        return named.length === 0 ? ['anyone'] : named;
      }),
    );
    return [
      ...(denied.length === 1 && !String(denied[0]).includes('*')
        ? []
        : [`kms:Sign is not denied to all but one role (the exception is ${denied.join(', ') || 'missing'})`]),
      ...(signers.size === 1 && signers.has(denied[0])
        ? []
        : [`kms:Sign is allowed to ${[...signers].join(', ') || 'nobody'}, not to the one that the denial excepts`]),
      ...(about('kms:CreateGrant', 'Allow').length === 0
        ? []
        : ['kms:CreateGrant is allowed: a grant is a way around']),
    ];
  }),
};
