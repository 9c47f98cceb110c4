import { matchesAction } from './iam-pattern';
import { forEach, list, member, type Rule } from './rule';

export const oneSigner: Rule = {
  id: 'one-signer',
  title: "A signing key's policy names exactly one signer, and denies everybody else",
  why: 'Whoever can sign can release. An allowance alone is not enough: an administrator with "kms:*", or a grant, would sign too. A denial for some is none.',
  check: forEach('AWS::KMS::Key', ({ KeyUsage, KeyPolicy }) => {
    if (KeyUsage !== 'SIGN_VERIFY') {
      return [];
    }
    const statements = list(member(KeyPolicy, 'Statement'));
    const denials = statements.filter(
      (statement) => member(statement, 'Effect') === 'Deny' && isAbout(statement, 'kms:Sign') && isOfAnybody(statement),
    );
    const denied = denials.flatMap((statement) => theOnlyException(statement));
    const signers = new Set(
      statements
        .filter((statement) => allows(statement, 'kms:Sign'))
        .flatMap((statement) => {
          const named = list(member(statement, 'Condition', 'ArnEquals', 'aws:PrincipalArn'));
          return named.length === 0 ? ['anyone'] : named;
        }),
    );
    return [
      ...(denied.length === 1 && !/[*?]/.test(String(denied[0]))
        ? []
        : [`kms:Sign is not denied to all but one role (the exception is ${denied.join(', ') || 'missing'})`]),
      ...(signers.size === 1 && signers.has(denied[0])
        ? []
        : [`kms:Sign is allowed to ${[...signers].join(', ') || 'nobody'}, not to the one that the denial excepts`]),
      ...(statements.some((statement) => allows(statement, 'kms:CreateGrant'))
        ? ['kms:CreateGrant is allowed: a grant is a way around']
        : []),
    ];
  }),
};

function allows(statement: unknown, action: string): boolean {
  return member(statement, 'Effect') === 'Allow' && isAbout(statement, action);
}

/** Also where a statement says what it is not about. */
function isAbout(statement: unknown, action: string): boolean {
  const not = list(member(statement, 'NotAction'));
  return not.length > 0
    ? !not.some((pattern) => matchesAction(String(pattern), action))
    : list(member(statement, 'Action')).some((pattern) => matchesAction(String(pattern), action));
}

function isOfAnybody(statement: unknown): boolean {
  const principal = member(statement, 'Principal');
  return principal === '*' || list(member(principal, 'AWS')).includes('*');
}

/** Whom a denial spares: nothing where it asks for more, since then it spares others, too. */
function theOnlyException(statement: unknown): readonly unknown[] {
  const condition = (member(statement, 'Condition') ?? {}) as Readonly<Record<string, object>>;
  const asked = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => `${operator} ${key}`),
  );
  return asked.length === 1 && asked[0] === 'ArnNotEquals aws:PrincipalArn'
    ? list(member(condition, 'ArnNotEquals', 'aws:PrincipalArn'))
    : [];
}
