import { evaluate, matches, type Policies } from './evaluate';
import { parsePolicy } from './policy';

const principal = 'arn:aws:iam::111111111111:role/a';
const ask = (policies: Partial<Policies>, context = {}) =>
  evaluate(
    { principal, action: 's3:GetObject', resource: 'arn:aws:s3:::b/x/y', context },
    { identity: [], ...policies },
  );
const statement = (more: object) =>
  parsePolicy({ Statement: { Effect: 'Allow', Action: 's3:GetObject', Resource: '*', ...more } });

describe('the evaluator of policies', () => {
  test('denies what nobody allows', () => {
    expect(ask({})).toBe('denied');
  });

  test('lets a denial outweigh every allowance', () => {
    expect(ask({ identity: [...statement({}), ...statement({ Effect: 'Deny', Action: 's3:*' })] })).toBe(
      'denied explicitly',
    );
    expect(ask({ identity: statement({}), resource: statement({ Effect: 'Deny', Principal: '*' }) })).toBe(
      'denied explicitly',
    );
  });

  test.each([
    ['the same action in other capitals', { Action: 'S3:getobject' }, 'allowed'],
    ['a wildcard over folders', { Resource: 'arn:aws:s3:::b/*' }, 'allowed'],
    ['another bucket with the same beginning', { Resource: 'arn:aws:s3:::bb/*' }, 'denied'],
    ['a question mark for one character alone', { Resource: 'arn:aws:s3:::b/?' }, 'denied'],
    ['a condition on a key that is not there', { Condition: { StringEquals: { 'aws:SourceAccount': '1' } } }, 'denied'],
    [
      'a negated condition on a key that is not there',
      { Condition: { ArnNotEquals: { 'aws:SourceArn': 'x' } } },
      'allowed',
    ],
    [
      'a condition on one of many values',
      { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/b', 'alias/x'] } } },
      'allowed',
    ],
    ['a condition on who asks', { Condition: { ArnEquals: { 'aws:PrincipalArn': principal } } }, 'allowed'],
  ])('judges %s', (_, more, decision) => {
    expect(ask({ identity: statement(more) }, { 'kms:ResourceAliases': 'alias/a,alias/b' })).toBe(decision);
  });

  test('takes a resource policy as enough within an account, but not the root of the account in it', () => {
    expect(ask({ resource: statement({ Principal: { AWS: principal } }) })).toBe('allowed');
    expect(ask({ resource: statement({ Principal: { AWS: 'arn:aws:iam::111111111111:root' } }) })).toBe('denied');
  });

  test('asks the key first where the resource decides: an administrator of everything gets nothing from it', () => {
    const everything = statement({ Action: '*' });
    const root = { Principal: { AWS: 'arn:aws:iam::111111111111:root' } };
    expect(ask({ identity: everything, resource: [], resourceDecides: true })).toBe('denied');
    expect(ask({ identity: everything, resource: statement(root), resourceDecides: true })).toBe('allowed');
    expect(ask({ identity: [], resource: statement(root), resourceDecides: true })).toBe('denied');
  });

  test('refuses to judge what it does not know', () => {
    expect(() => statement({ NotAction: 's3:*' })).toThrow('NotAction');
    expect(() => ask({ identity: statement({ Condition: { IpAddress: { 'aws:SourceIp': '::/0' } } }) })).toThrow(
      'IpAddress',
    );
  });

  test('reads everything but its two wildcards escapeRegExp', () => {
    expect(matches('a.c', 'abc')).toBe(false);
    expect(matches('arn:*', 'arn:aws:x/y\nz')).toBe(true);
  });
});
