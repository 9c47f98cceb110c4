import { matchesAction } from '../iam-pattern';
import { checkEach, type Rule, readMember, toList } from '../rule';

export const oneSigner: Rule = {
  id: 'one-signer',
  title: "A signing key's policy names exactly one signer, and denies all others",
  why: 'Anyone who can sign can release. An allow statement alone is not enough: an administrator with "kms:*", or a grant, could sign too. A deny statement must apply to all principals.',
  check: checkEach('AWS::KMS::Key', ({ KeyUsage, KeyPolicy }) => {
    if (KeyUsage !== 'SIGN_VERIFY') {
      return [];
    }
    const statements = toList(readMember(KeyPolicy, 'Statement'));
    const exceptions = statements.filter(deniesSigningToAll).flatMap(exceptedPrincipals);
    const signers = new Set(statements.filter((statement) => allows(statement, 'kms:Sign')).flatMap(allowedPrincipals));
    const messages: string[] = [];
    if (exceptions.length !== 1 || /[*?]/.test(String(exceptions[0]))) {
      messages.push(
        `kms:Sign is not denied to all but one role (the exception is ${exceptions.join(', ') || 'missing'})`,
      );
    }
    if (signers.size !== 1 || !signers.has(exceptions[0])) {
      messages.push(
        `kms:Sign is allowed to ${[...signers].join(', ') || 'no role'}, not only to the role that the denial excepts`,
      );
    }
    if (statements.some((statement) => allows(statement, 'kms:CreateGrant'))) {
      messages.push('kms:CreateGrant is allowed: a grant lets another principal sign');
    }
    return messages;
  }),
};

function deniesSigningToAll(statement: unknown): boolean {
  return readMember(statement, 'Effect') === 'Deny' && includes(statement, 'kms:Sign') && appliesToAll(statement);
}

function allows(statement: unknown, action: string): boolean {
  return readMember(statement, 'Effect') === 'Allow' && includes(statement, action);
}

/** Whether a statement includes an action, through `Action` or `NotAction`. */
function includes(statement: unknown, action: string): boolean {
  const matches = (pattern: unknown) => matchesAction(String(pattern), action);
  const excluded = toList(readMember(statement, 'NotAction'));
  return excluded.length > 0 ? !excluded.some(matches) : toList(readMember(statement, 'Action')).some(matches);
}

function appliesToAll(statement: unknown): boolean {
  const principal = readMember(statement, 'Principal');
  return principal === '*' || toList(readMember(principal, 'AWS')).includes('*');
}

/** The principals that a denial excepts. Empty if the denial has further conditions, because then it excepts others, too. */
function exceptedPrincipals(statement: unknown): readonly unknown[] {
  const condition = (readMember(statement, 'Condition') ?? {}) as Readonly<Record<string, object>>;
  const conditions = Object.entries(condition).flatMap(([operator, keys]) =>
    Object.keys(keys).map((key) => `${operator} ${key}`),
  );
  return conditions.length === 1 && conditions[0] === 'ArnNotEquals aws:PrincipalArn'
    ? toList(readMember(condition, 'ArnNotEquals', 'aws:PrincipalArn'))
    : [];
}

function allowedPrincipals(statement: unknown): readonly unknown[] {
  const principals = toList(readMember(statement, 'Condition', 'ArnEquals', 'aws:PrincipalArn'));
  return principals.length === 0 ? ['anyone'] : principals;
}
