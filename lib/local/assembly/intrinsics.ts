import { BowlineError, exitCodes } from '../../errors';

/** A CloudFormation template as CDK writes it. */
export interface Template {
  readonly Resources?: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

/** The account and the region of a stack. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The property that `Ref` returns, by resource type. */
const nameProperty: Readonly<Record<string, string>> = {
  'AWS::S3::Bucket': 'BucketName',
  'AWS::CodeBuild::Project': 'Name',
  'AWS::CodePipeline::Pipeline': 'Name',
  'AWS::ECR::Repository': 'RepositoryName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::KMS::Alias': 'AliasName',
  'AWS::Logs::LogGroup': 'LogGroupName',
  'AWS::SNS::Topic': 'TopicName',
};

/** What an expression is resolved against. */
export interface ResolveContext {
  readonly template: Template;
  readonly place: Place;
  /** Values of the exports of all stacks, by name. */
  readonly exports: ReadonlyMap<string, unknown>;
}

/** An expression that the local run cannot resolve exactly. */
export class UnresolvedError extends BowlineError {
  override readonly name = 'UnresolvedError';
  constructor(message: string) {
    super('failed', message, exitCodes.inconclusive);
  }
}

/**
 * Resolves a closed list of intrinsic functions: `Ref` (resources with an explicit name, parameters with a default, AWS::AccountId, Region, Partition,
 * URLSuffix), `Fn::Join`, `Fn::Sub`, `Fn::Select`, `Fn::GetAtt` of `Arn`, and `Fn::ImportValue` of the given exports.
 * @throws UnresolvedError that names the expression
 */
export function resolve(value: unknown, context: ResolveContext): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => resolve(item, context));
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined || !(name === 'Ref' || name.startsWith('Fn::'))) {
    return Object.fromEntries(entries.map(([key, member]) => [key, resolve(member, context)]));
  }
  const text = (part: unknown): string => String(resolve(part, context));
  const list = (part: unknown): readonly unknown[] => resolve(part, context) as readonly unknown[];
  switch (name) {
    case 'Ref':
      return resolveReference(String(argument), context);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, readonly unknown[]];
      return list(parts).map(String).join(separator);
    }
    case 'Fn::Select': {
      const [index, items] = argument as [number, unknown];
      return list(items)[Number(index)];
    }
    case 'Fn::Sub': {
      const [pattern, variables] = Array.isArray(argument)
        ? (argument as [string, Record<string, unknown>])
        : [String(argument), {}];
      return pattern.replace(/\$\{([^!}][^}]*)\}/g, (_, variable: string) =>
        variable in variables ? text(variables[variable]) : text({ Ref: variable }),
      );
    }
    case 'Fn::GetAtt': {
      const [id, attribute] = Array.isArray(argument) ? (argument as [string, string]) : String(argument).split('.', 2);
      return resolveAttribute(id as string, attribute as string, context);
    }
    case 'Fn::ImportValue': {
      const exportName = text(argument);
      if (!context.exports.has(exportName)) {
        throw new UnresolvedError(`no stack of the assembly exports ${exportName}`);
      }
      return context.exports.get(exportName);
    }
    default:
      throw new UnresolvedError(`the local run does not support ${name}: ${JSON.stringify(value)}`);
  }
}

function resolveReference(id: string, context: ResolveContext): unknown {
  const { template, place } = context;
  const pseudoParameters: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (id in pseudoParameters) {
    return pseudoParameters[id];
  }
  const parameter = template.Parameters?.[id];
  if (parameter?.Default !== undefined) {
    return parameter.Default;
  }
  const resource = template.Resources?.[id];
  const name = resource?.Properties?.[nameProperty[resource.Type] ?? ''];
  if (name === undefined) {
    throw new UnresolvedError(
      `${id} (${resource?.Type ?? 'not a resource'}) has no explicit name, which the local run needs to resolve a Ref`,
    );
  }
  return resolve(name, context);
}

function resolveAttribute(id: string, attribute: string, context: ResolveContext): unknown {
  const resource = context.template.Resources?.[id];
  if (attribute !== 'Arn' || !resource) {
    throw new UnresolvedError(`the local run does not support ${id}.${attribute}`);
  }
  const name = () => String(resolveReference(id, context));
  const { account, region } = context.place;
  switch (resource.Type) {
    case 'AWS::S3::Bucket':
      return `arn:aws:s3:::${name()}`;
    case 'AWS::IAM::Role':
      return `arn:aws:iam::${account}:role/${name()}`;
    case 'AWS::CodeBuild::Project':
      return `arn:aws:codebuild:${region}:${account}:project/${name()}`;
    case 'AWS::ECR::Repository':
      return `arn:aws:ecr:${region}:${account}:repository/${name()}`;
    case 'AWS::Logs::LogGroup':
      return `arn:aws:logs:${region}:${account}:log-group:${name()}:*`;
    default:
      throw new UnresolvedError(`the local run does not support ${resource.Type}.${attribute} (${id})`);
  }
}
