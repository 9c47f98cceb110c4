import type { Resource } from '../pipeline/synthesize';

const account = '111111111111';
const region = 'eu-west-1';

/** Resolves the intrinsics of a template in the account of the tests, as far as policies use them. */
export function resolver(resources: Readonly<Record<string, Resource>>): (value: unknown) => unknown {
  const name = (id: string): unknown => {
    const { Type, Properties } = requireEntry(new Map(Object.entries(resources)), id);
    switch (Type) {
      case 'AWS::S3::Bucket':
        return Properties.BucketName;
      case 'AWS::SNS::Topic':
        return `arn:aws:sns:${region}:${account}:${Properties.TopicName}`;
      default:
        return Properties.LogGroupName ?? Properties.Name ?? id;
    }
  };
  const resolve = (value: unknown): unknown => {
    if (Array.isArray(value)) {
      return value.map(resolve);
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const [[key, argument] = ['', undefined]] = Object.entries(value);
    switch (key) {
      case 'Ref':
        return name(String(argument));
      case 'Fn::GetAtt': {
        const [id] = argument as [string];
        const { Type } = requireEntry(new Map(Object.entries(resources)), id);
        return Type === 'AWS::KMS::Key'
          ? keyArn(id)
          : Type === 'AWS::S3::Bucket'
            ? `arn:aws:s3:::${name(id)}`
            : `arn:of:${id}`;
      }
      case 'Fn::Join': {
        const [separator, parts] = argument as [string, readonly unknown[]];
        return parts.map(resolve).join(separator);
      }
      default:
        return Object.fromEntries(Object.entries(value).map(([member, inner]) => [member, resolve(inner)]));
    }
  };
  return resolve;
}

/** ARN of a key, by its logical ID. */
export function keyArn(id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

/** @throws Error that lists the known names */
export function requireEntry<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) {
    throw new Error(`expected one of ${[...map.keys()].join(', ')}, got: ${name}`);
  }
  return found;
}
