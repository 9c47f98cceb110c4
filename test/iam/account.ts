import type { Assembly, Resource } from '../pipeline/synthesize';
import { type Decision, evaluate } from './evaluate';
import { parsePolicy, type Statement } from './policy';

/** An AWS account as an assembly would make it: roles and their rights, and what guards the resources. */
export interface Account {
  readonly roles: ReadonlyMap<string, Role>;
  /** ARN of the key behind an alias. */
  readonly keys: ReadonlyMap<string, string>;
  may(role: string, action: string, resource: string, context?: Readonly<Record<string, string>>): Decision;
  /** The names of the roles that may, in order. */
  whoMay(action: string, resource: string, context?: Readonly<Record<string, string>>): readonly string[];
}

export interface Role {
  readonly arn: string;
  readonly permissions: readonly Statement[];
  readonly trust: readonly Statement[];
}

const account = '111111111111';
const region = 'eu-west-1';
/** What every request of a role has in its context. */
const usual = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/** @param more roles that exist beside those of the assembly, such as an administrator's */
export function accountOf(assembly: Assembly, more: Readonly<Record<string, object>> = {}): Account {
  const roles = new Map<string, Role>();
  const keys = new Map<string, string>();
  const guards = new Map<string, readonly Statement[]>();
  for (const { Resources } of assembly.templates.values()) {
    const resolve = resolver(Resources);
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      const properties = resolve(Properties ?? {}) as Record<string, unknown>;
      switch (Type) {
        case 'AWS::IAM::Role':
          roles.set(String(properties.RoleName), roleOf(properties));
          break;
        case 'AWS::IAM::Policy':
        case 'AWS::IAM::ManagedPolicy':
          throw new Error(`${id}: rights stand in the role itself`);
        case 'AWS::KMS::Key':
          guards.set(keyArn(id), parsePolicy(properties.KeyPolicy));
          break;
        case 'AWS::KMS::Alias':
          keys.set(String(properties.AliasName), String(properties.TargetKeyId));
          break;
        case 'AWS::S3::BucketPolicy':
          guards.set(`arn:aws:s3:::${properties.Bucket}`, parsePolicy(properties.PolicyDocument));
          break;
        case 'AWS::ECR::Repository':
          if (properties.RepositoryPolicyText !== undefined) {
            guards.set(
              `arn:aws:ecr:${region}:${account}:repository/${properties.RepositoryName}`,
              parsePolicy(properties.RepositoryPolicyText),
            );
          }
      }
    }
  }
  for (const [name, policy] of Object.entries(more)) {
    roles.set(name, { arn: roleArn(name), permissions: parsePolicy(policy), trust: [] });
  }
  const aliasesOf = (arn: string): Readonly<Record<string, string>> => {
    const aliases = [...keys].filter(([, key]) => key === arn).map(([alias]) => alias);
    return aliases.length === 0 ? {} : { 'kms:ResourceAliases': aliases.join(',') };
  };
  const may: Account['may'] = (role, action, resource, context = {}) => {
    const { arn, permissions } = required(roles, role);
    return evaluate(
      { principal: arn, action, resource, context: { ...usual, ...aliasesOf(resource), ...context } },
      {
        identity: permissions,
        resource: guards.get(resource) ?? guards.get(resource.split('/')[0] as string) ?? [],
        resourceDecides: action.startsWith('kms:'),
      },
    );
  };
  return {
    roles,
    keys,
    may,
    whoMay: (action, resource, context) =>
      [...roles.keys()].filter((role) => may(role, action, resource, context) === 'allowed').sort(),
  };
}

function roleOf(properties: Record<string, unknown>): Role {
  const { RoleName, Policies = [], ManagedPolicyArns, AssumeRolePolicyDocument } = properties;
  if (ManagedPolicyArns !== undefined) {
    throw new Error(`${RoleName}: managed policies are not among our ways to give rights`);
  }
  return {
    arn: roleArn(String(RoleName)),
    permissions: (Policies as readonly { PolicyDocument: unknown }[]).flatMap(({ PolicyDocument }) =>
      parsePolicy(PolicyDocument),
    ),
    trust: parsePolicy(AssumeRolePolicyDocument),
  };
}

function resolver(resources: Readonly<Record<string, Resource>>): (value: unknown) => unknown {
  const name = (id: string): unknown => {
    const { Type, Properties } = required(new Map(Object.entries(resources)), id);
    return Type === 'AWS::S3::Bucket'
      ? Properties.BucketName
      : (Properties.LogGroupName ?? Properties.Name ?? Properties.TopicName ?? id);
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
        const { Type } = required(new Map(Object.entries(resources)), id);
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

function keyArn(id: string): string {
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}

function roleArn(name: string): string {
  return `arn:aws:iam::${account}:role/${name}`;
}

function required<T>(map: ReadonlyMap<string, T>, name: string): T {
  const found = map.get(name);
  if (found === undefined) {
    throw new Error(`there is no ${name} (there are ${[...map.keys()].join(', ')})`);
  }
  return found;
}
