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

/** Where a template is meant to stand. */
export interface Place {
  readonly account: string;
  readonly region: string;
}

/** The property that holds the name which `Ref` gives, of each type that the local run knows. */
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

/** An expression that the local run would have to guess at. */
export class UnresolvedError extends BowlineError {
  override readonly name = 'UnresolvedError';
  constructor(message: string) {
    super('failed', message, exitCodes.inconclusive);
  }
}

/**
 * Resolves a closed list of intrinsic functions: `Ref` (explicitly named resources, parameters with a default, AWS::AccountId, Region, Partition, URLSuffix),
 * `Fn::Join`, `Fn::Sub`, `Fn::Select`, `Fn::GetAtt` of `Arn`, and `Fn::ImportValue` of the exports given. Nothing is guessed.
 * @throws UnresolvedError that names the expression
 */
export function resolve(
  value: unknown,
  template: Template,
  place: Place,
  exports: ReadonlyMap<string, unknown>,
): unknown {
  const inner = (part: unknown): unknown => resolve(part, template, place, exports);
  const text = (part: unknown): string => String(inner(part));
  if (Array.isArray(value)) {
    return value.map(inner);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined || !(name === 'Ref' || name.startsWith('Fn::'))) {
    return Object.fromEntries(entries.map(([key, member]) => [key, inner(member)]));
  }
  switch (name) {
    case 'Ref':
      return reference(String(argument), template, place, inner);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, readonly unknown[]];
      return (inner(parts) as readonly unknown[]).map(String).join(separator);
    }
    case 'Fn::Select': {
      const [index, list] = argument as [number, unknown];
      return (inner(list) as readonly unknown[])[Number(index)];
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
      return attributeOf(id as string, attribute as string, template, place, inner);
    }
    case 'Fn::ImportValue': {
      const wanted = text(argument);
      if (!exports.has(wanted)) {
        throw new UnresolvedError(`no stack of the assembly exports ${wanted}`);
      }
      return exports.get(wanted);
    }
    default:
      throw new UnresolvedError(`the local run does not know ${name}: ${JSON.stringify(value)}`);
  }
}

function reference(id: string, template: Template, place: Place, inner: (part: unknown) => unknown): unknown {
  const pseudo: Readonly<Record<string, string>> = {
    'AWS::AccountId': place.account,
    'AWS::Region': place.region,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (id in pseudo) {
    return pseudo[id];
  }
  const parameter = template.Parameters?.[id];
  if (parameter?.Default !== undefined) {
    return parameter.Default;
  }
  const resource = template.Resources?.[id];
  const name = resource?.Properties?.[nameProperty[resource.Type] ?? ''];
  if (name === undefined) {
    throw new UnresolvedError(
      `${id} (${resource?.Type ?? 'not a resource'}) has no explicit name that the local run could use`,
    );
  }
  return inner(name);
}

function attributeOf(
  id: string,
  attribute: string,
  template: Template,
  place: Place,
  inner: (part: unknown) => unknown,
): unknown {
  const resource = template.Resources?.[id];
  if (attribute !== 'Arn' || !resource) {
    throw new UnresolvedError(`the local run does not know ${id}.${attribute}`);
  }
  const name = () => String(reference(id, template, place, inner));
  const { account, region } = place;
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
      throw new UnresolvedError(`the local run does not know ${resource.Type}.${attribute} (${id})`);
  }
}
