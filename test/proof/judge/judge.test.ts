import fc from 'fast-check';
import { accountOf } from '../../iam/account';
import { resourcesOf, synthesize } from '../../pipeline/synthesize';
import type { JudgedCall } from './documents';
import { judge, requestContext } from './judge';
import { secondOpinion } from './second-opinion';

const account = '111111111111';
const role = `arn:aws:iam::${account}:role/acme-sign`;
const key = `arn:aws:kms:eu-west-1:${account}:key/0000-1111`;
const context = requestContext(account);
const allow = (Action: unknown, Resource: unknown, more: object = {}) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action, Resource, ...more }],
});
const root = { Principal: { AWS: `arn:aws:iam::${account}:root` } };
const others = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'kms:*', Resource: '*', ...root },
    {
      Effect: 'Deny',
      Action: 'kms:Sign',
      Resource: '*',
      Principal: '*',
      Condition: { ArnNotEquals: { 'aws:PrincipalArn': role } },
    },
  ],
};
const object = 'arn:aws:s3:::acme-artifacts/acme-shop/Built/AbCdEfG';
const bucketPolicy = {
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Deny',
      Action: 's3:*',
      Resource: ['arn:aws:s3:::acme-artifacts', 'arn:aws:s3:::acme-artifacts/*'],
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ],
};
const events = {
  'ForAllValues:StringEquals': { 'events:source': 'bowline', 'events:detail-type': 'Signed' },
  Null: { 'events:source': 'false' },
};
const bus = `arn:aws:events:eu-west-1:${account}:event-bus/default`;
const call = (changes: Partial<JudgedCall>): JudgedCall => ({
  role,
  action: 's3:GetObject',
  resource: object,
  context,
  documents: { identity: {} },
  ...changes,
});

describe('our evaluator and iam-simulate agree, and decide as IAM documents it', () => {
  const aliases = { Condition: { 'ForAnyValue:StringEquals': { 'kms:ResourceAliases': ['alias/acme-production'] } } };
  const sign = { action: 'kms:Sign', resource: key };
  const mayGet = { p: allow('s3:GetObject', 'arn:aws:s3:::acme-artifacts/*') };
  test.each<[string, string, Partial<JudgedCall>]>([
    ['no policy', 'denied', {}],
    ['a policy of the role', 'allowed', { documents: { identity: mayGet } }],
    ['another bucket', 'denied', { resource: 'arn:aws:s3:::other/x', documents: { identity: mayGet } }],
    ['a bucket policy that only requires TLS', 'allowed', { documents: { identity: mayGet, resource: bucketPolicy } }],
    [
      'a request without TLS',
      'denied explicitly',
      {
        context: { ...context, 'aws:SecureTransport': 'false' },
        documents: { identity: mayGet, resource: bucketPolicy },
      },
    ],
    [
      'a boundary that does not allow it',
      'denied',
      { documents: { identity: mayGet, boundary: allow('s3:PutObject', 'arn:aws:s3:::acme-artifacts/*') } },
    ],
    ['a boundary that allows it', 'allowed', { documents: { identity: mayGet, boundary: allow('s3:GetObject', '*') } }],
    [
      'a bucket policy that allows it, beyond the boundary',
      'denied',
      {
        documents: {
          identity: {},
          resource: allow('s3:GetObject', 'arn:aws:s3:::acme-artifacts/*', { Principal: { AWS: role } }),
          boundary: allow('s3:PutObject', '*'),
        },
      },
    ],
    [
      'a key whose policy delegates to the account',
      'allowed',
      { ...sign, documents: { identity: { p: allow('kms:Sign', key) }, resource: others } },
    ],
    ['a key, and no policy of the role', 'denied', { ...sign, documents: { identity: {}, resource: others } }],
    [
      'a key whose policy denies other roles',
      'denied explicitly',
      {
        ...sign,
        role: `arn:aws:iam::${account}:role/acme-scan`,
        documents: { identity: { p: allow('kms:Sign', key) }, resource: others },
      },
    ],
    [
      'one of several aliases',
      'allowed',
      {
        ...sign,
        context: { ...context, 'kms:ResourceAliases': 'alias/acme-old,alias/acme-production' },
        documents: {
          identity: { p: allow('kms:Sign', `arn:aws:kms:eu-west-1:${account}:key/*`, aliases) },
          resource: others,
        },
      },
    ],
    [
      'another alias',
      'denied',
      {
        ...sign,
        context: { ...context, 'kms:ResourceAliases': 'alias/payroll' },
        documents: {
          identity: { p: allow('kms:Sign', `arn:aws:kms:eu-west-1:${account}:key/*`, aliases) },
          resource: others,
        },
      },
    ],
    [
      'an event of the source that the condition names',
      'allowed',
      {
        action: 'events:PutEvents',
        resource: bus,
        context: { ...context, 'events:source': 'bowline', 'events:detail-type': 'Signed' },
        documents: { identity: { p: allow('events:PutEvents', bus, { Condition: events }) } },
      },
    ],
    [
      'an event of another source',
      'denied',
      {
        action: 'events:PutEvents',
        resource: bus,
        context: { ...context, 'events:source': 'aws.codepipeline', 'events:detail-type': 'Signed' },
        documents: { identity: { p: allow('events:PutEvents', bus, { Condition: events }) } },
      },
    ],
    [
      'an action without a resource',
      'allowed',
      {
        action: 'ecr:GetAuthorizationToken',
        resource: '*',
        documents: { identity: { p: allow('ecr:GetAuthorizationToken', '*') } },
      },
    ],
  ])('%s: %s', async (_, expected, changes) => {
    expect([judge(call(changes)), await secondOpinion(call(changes))]).toEqual([expected, expected]);
  });

  test('for every role of the example, on its own permissions and those of every other role', async () => {
    const assembly = synthesize();
    const { roles } = accountOf(assembly);
    const documentsOf = new Map(
      resourcesOf(assembly, 'AWS::IAM::Role').map(({ Properties }) => [
        String(Properties.RoleName),
        Object.fromEntries(
          (Properties.Policies as readonly { PolicyName: string; PolicyDocument: unknown }[]).map(
            ({ PolicyName, PolicyDocument }) => [PolicyName, PolicyDocument],
          ),
        ),
      ]),
    );
    const statements = [...roles.values()].flatMap(({ permissions }) => permissions);
    const example = (pattern: string) => (pattern === '*' ? '*' : pattern.replaceAll('*', 'Abc').replaceAll('?', 'a'));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...roles.keys()),
        fc.constantFrom(...statements),
        fc.nat(),
        fc.nat(),
        async (name, { actions, resources }, a, r) => {
          const action = actions[a % actions.length] as string;
          const resource = example(resources[r % resources.length] as string);
          const one: JudgedCall = {
            role: `arn:aws:iam::${account}:role/${name}`,
            action,
            resource,
            context,
            documents: { identity: documentsOf.get(name) ?? {} },
          };
          // It insists on an ARN of the right type, as the test against the reference does.
          const other = await secondOpinion(one).catch(() => undefined);
          fc.pre(other !== undefined);
          expect([name, action, resource, judge(one)]).toEqual([name, action, resource, other]);
        },
      ),
      { numRuns: 150 },
    );
  });
});
