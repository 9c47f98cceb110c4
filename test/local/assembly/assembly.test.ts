// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own placeholders
import { parseBuildspec } from '../../../lib/local/assembly/buildspec';
import { resolve, type Template, UnresolvedError } from '../../../lib/local/assembly/intrinsics';

const template: Template = {
  Parameters: { Version: { Default: '21' }, Empty: {} },
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: { 'Fn::Sub': 'acme-${AWS::AccountId}' } } },
    Nameless: { Type: 'AWS::S3::Bucket' },
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'acme-build' } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'acme' } },
  },
};
const place = { account: '111111111111', region: 'eu-west-1' };
const exports = new Map<string, unknown>([['Shared:Bucket', 'acme-shared']]);
const resolved = (value: unknown) => resolve(value, { template, place, exports });

describe('an expression in a template', () => {
  test.each<[string, unknown, unknown]>([
    ['a plain value', { a: [1, 'b', true, null] }, { a: [1, 'b', true, null] }],
    ['a named resource', { Ref: 'Bucket' }, 'acme-111111111111'],
    ['a parameter with a default', { Ref: 'Version' }, '21'],
    [
      'the account and the region',
      { 'Fn::Join': ['/', [{ Ref: 'AWS::Region' }, { Ref: 'AWS::Partition' }]] },
      'eu-west-1/aws',
    ],
    ['a substitution', { 'Fn::Sub': ['${A}-${Bucket}-${!kept}', { A: 'x' }] }, 'x-acme-111111111111-${!kept}'],
    ['an ARN', { 'Fn::GetAtt': ['Role', 'Arn'] }, 'arn:aws:iam::111111111111:role/acme-build'],
    ['an ARN in short form', { 'Fn::GetAtt': 'Bucket.Arn' }, 'arn:aws:s3:::acme-111111111111'],
    ['an export of another stack', { 'Fn::ImportValue': 'Shared:Bucket' }, 'acme-shared'],
    ['a choice', { 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    ['a nested expression', [{ 'Fn::Join': ['', ['s3://', { Ref: 'Bucket' }]] }], ['s3://acme-111111111111']],
    ['a map with more keys than an expression', { Ref: 'Bucket', more: 1 }, { Ref: 'Bucket', more: 1 }],
  ])('is resolved: %s', (_, value, expected) => {
    expect(resolved(value)).toEqual(expected);
  });

  test.each<[string, unknown, RegExp]>([
    ['a function that is not in the list', { 'Fn::FindInMap': ['a', 'b', 'c'] }, /Fn::FindInMap/],
    ['a resource without a name', { Ref: 'Nameless' }, /Nameless .* no explicit name/],
    ['a resource of another type', { Ref: 'Table' }, /Table/],
    ['a resource that does not exist', { Ref: 'Nobody' }, /Nobody \(not a resource\)/],
    ['a parameter without a default', { Ref: 'Empty' }, /Empty/],
    ['another attribute', { 'Fn::GetAtt': ['Role', 'RoleId'] }, /Role\.RoleId/],
    ['an ARN of another type', { 'Fn::GetAtt': ['Table', 'Arn'] }, /AWS::DynamoDB::Table/],
    ['an export that no stack has', { 'Fn::ImportValue': 'Nobody' }, /exports Nobody/],
  ])('that is not supported is an error: %s', (_, value, message) => {
    expect(() => resolved(value)).toThrow(UnresolvedError);
    expect(() => resolved(value)).toThrow(message);
  });
});

describe('a buildspec', () => {
  test('with another version, another shell or an unsupported field is an error', () => {
    expect(() => parseBuildspec('version: 0.1\nphases: {}')).toThrow('version');
    expect(() => parseBuildspec('version: 0.2\nenv: { shell: powershell.exe }\nphases: {}')).toThrow('env.shell');
    expect(() => parseBuildspec('version: 0.2\nphases: { build: { commands: [a], "run-as": root } }')).toThrow(
      /phases\.build/,
    );
    expect(() => parseBuildspec('version: 0.2\nphases: { build: { commands: [a], on-failure: CONTINUE } }')).toThrow(
      /phases\.build.*on-failure/,
    );
    for (const files of ['["*.json"]', '["**/*", "x"]', '[]']) {
      expect(() => parseBuildspec(`version: 0.2\nphases: {}\nartifacts: { files: ${files} }`)).toThrow(
        'at artifacts.files: expected ["**/*"], the whole folder',
      );
    }
    expect(() => parseBuildspec('version: 0.2\ncache: { paths: [a] }\nphases: {}')).toThrow(/cache|root/);
  });
});
