import { evaluate, matchesIamPattern, type Policies } from './evaluate';
import { parsePolicy } from './policy';

const principal = 'arn:aws:iam::111111111111:role/a';
const decide = (policies: Partial<Policies>, context = {}) =>
  evaluate(
    { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::b/x/y', context },
    { identity: [], ...policies },
  );
const statement = (more: object) =>
  parsePolicy({ Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more } });

describe('the policy evaluator', () => {
  test('denies by default', () => {
    expect(decide({})).toBe('denied');
  });

  test('lets an explicit denial win over every allow statement', () => {
    expect(decide({ identity: [...statement({}), ...statement({ Effect: 'Deny', Action: 's3:*' })] })).toBe(
      'denied explicitly',
    );
    expect(decide({ identity: statement({}), resource: statement({ Effect: 'Deny', Principal: '*' }) })).toBe(
      'denied explicitly',
    );
  });

  test.each([
    ['an action in another case', { Action: 'S3:getobject' }, 'allowed'],
    ['a wildcard across folders', { Resource: 'arn:aws:s3:::b/*' }, 'allowed'],
    ['another bucket with the same prefix', { Resource: 'arn:aws:s3:::bb/*' }, 'denied'],
    ['a question mark, which matches one character', { Resource: 'arn:aws:s3:::b/?' }, 'denied'],
    ['a condition on a missing key', { Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }, 'denied'],
    ['a negated condition on a missing key', { Condition: { ArnNotEquals: { 'aws:SourceArn': 'x' } } }, 'allowed'],
    [
      'a condition on a key if it exists',
      { Condition: { StringEqualsIfExists: { 'aws:SourceAccount': '1' } } },
      'allowed',
    ],
    [
      'a condition on another value of a key if it exists',
      { Condition: { StringEqualsIfExists: { 'kms:ResourceAliases': 'alias/x' } } },
      'denied',
    ],
    [
      'a condition on one of several values',
      { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/b', 'alias/x'] } } },
      'allowed',
    ],
    ['a condition on the principal', { Condition: { ArnEquals: { 'aws:PrincipalArn': principal } } }, 'allowed'],
  ])('evaluates %s', (_, more, decision) => {
    expect(decide({ identity: statement(more) }, { 'kms:ResourceAliases': 'alias/a,alias/b' })).toBe(decision);
  });

  test('accepts a resource policy alone, unless it names the account root', () => {
    expect(decide({ resource: statement({ Principal: { AWS: principal } }) })).toBe('allowed');
    expect(decide({ resource: statement({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } }) })).toBe('denied');
  });

  test('denies what the permissions boundary does not allow, whichever policy allows it', () => {
    const other = statement({ Action: 's3:PutObject' });
    for (const policies of [{ identity: statement({}) }, { resource: statement({ Principal: { AWS: principal } }) }]) {
      expect(decide({ ...policies, boundary: statement({}) })).toBe('allowed');
      expect(decide({ ...policies, boundary: other })).toBe('denied');
      expect(decide({ ...policies, boundary: [] })).toBe('denied');
      expect(decide({ ...policies, boundary: [...statement({}), ...statement({ Effect: 'Deny' })] })).toBe(
        'denied explicitly',
      );
    }
  });

  test('requires the resource policy if the resource decides, even for an administrator', () => {
    const everything = statement({ Action: '*' });
    const root = { Principal: { AWS: 'arn:aws:iam::111111111111:root' } };
    expect(decide({ identity: everything, resource: [], resourceDecides: true })).toBe('denied');
    expect(decide({ identity: everything, resource: statement(root), resourceDecides: true })).toBe('allowed');
    expect(decide({ identity: [], resource: statement(root), resourceDecides: true })).toBe('denied');
  });

  test('refuses unsupported elements', () => {
    expect(() => statement({ NotAction: 's3:*' })).toThrow('NotAction');
    expect(() => decide({ identity: statement({ Condition: { IpAddress: { 'aws:SourceIp': '::/0' } } }) })).toThrow(
      'IpAddress',
    );
  });

  test('reads everything but its two wildcards escapeRegExp', () => {
    expect(matchesIamPattern('a.c', 'abc')).toBe(false);
    expect(matchesIamPattern('arn:*', 'arn:aws:x/y\nz')).toBe(true);
  });
});
