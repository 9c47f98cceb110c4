import { type AccountFacts, type AwsRequest, type Call, type Protocol, type Signature, UnknownRequest } from './call';
import { s3Calls } from './s3-calls';

type Input = Readonly<Record<string, unknown>>;

interface Place {
  readonly facts: AccountFacts;
  readonly region: string;
}

/** What an operation needs. */
type Operation = (input: Input, place: Place) => Promise<readonly Call[]> | readonly Call[];

/** A request to AWS, understood. */
export interface UnderstoodRequest {
  readonly protocol: Protocol;
  readonly operation: string;
  /** Empty for an operation that everybody may call. */
  readonly calls: readonly Call[];
}

/** Reads which permissions a request needs, from the request alone. @throws UnknownRequest for an operation that the tables do not have */
export async function understandRequest(
  request: AwsRequest,
  { service, region }: Signature,
  facts: AccountFacts,
): Promise<UnderstoodRequest> {
  if (service === 's3') {
    return { protocol: 's3', operation: 's3', calls: s3Calls(request) };
  }
  const target = request.headers['x-amz-target'];
  const isJson = target !== undefined;
  const input = isJson ? (JSON.parse(request.body || '{}') as Input) : readForm(request);
  const name = isJson ? (target.split('.').pop() ?? '') : String(input.Action);
  const operation = operations[`${service}:${name}`];
  if (operation === undefined) {
    throw new UnknownRequest(`${service}:${name} (${request.method} ${request.target.split('?')[0]})`);
  }
  return {
    protocol: isJson ? 'json' : 'query',
    operation: `${service}:${name}`,
    calls: await operation(input, { facts, region }),
  };
}

function readForm({ body, target }: AwsRequest): Input {
  return {
    ...Object.fromEntries(new URL(target, 'http://aws').searchParams),
    ...Object.fromEntries(new URLSearchParams(body)),
  };
}

/** The operations that Bowline's jobs and the CDK command line call. */
const operations: Readonly<Record<string, Operation>> = {
  'ecr:GetAuthorizationToken': withoutResource('ecr:GetAuthorizationToken'),
  'events:PutEvents': putEvents,
  'kms:DescribeKey': onKey('kms:DescribeKey'),
  'kms:GetPublicKey': onKey('kms:GetPublicKey'),
  'kms:Sign': onKey('kms:Sign', ({ MessageType, SigningAlgorithm }) => ({
    'kms:MessageType': String(MessageType ?? 'RAW'),
    'kms:SigningAlgorithm': String(SigningAlgorithm),
  })),
  'ssm:GetParameter': ({ Name }, place) => [
    {
      action: 'ssm:GetParameter',
      resource: arn(place, 'ssm', `parameter/${String(Name).replace(/^\//, '')}`),
      context: {},
    },
  ],
  'sts:AssumeRole': ({ RoleArn }) => [{ action: 'sts:AssumeRole', resource: String(RoleArn), context: {} }],
  // Nobody needs a permission for it (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
  'sts:GetCallerIdentity': () => [],
  ...Object.fromEntries(
    [
      'CreateChangeSet',
      'CreateStack',
      'DeleteChangeSet',
      'DeleteStack',
      'DescribeChangeSet',
      'DescribeEvents',
      'DescribeStackEvents',
      'DescribeStackResources',
      'DescribeStacks',
      'ExecuteChangeSet',
      'GetTemplate',
      'GetTemplateSummary',
      'ListStackResources',
      'RollbackStack',
      'UpdateStack',
      'UpdateTerminationProtection',
    ].map((name) => [`cloudformation:${name}`, onStack(`cloudformation:${name}`)]),
  ),
};

function withoutResource(action: string): Operation {
  return () => [{ action, resource: '*', context: {} }];
}

/** IAM sees the key, whatever the request names (https://docs.aws.amazon.com/kms/latest/developerguide/alias-authorization.html). */
function onKey(action: string, contextOf: (input: Input) => Readonly<Record<string, string>> = () => ({})): Operation {
  return async (input, { facts, region }) => {
    const id = String(input.KeyId);
    const { arn: resource, aliases } = await facts.key(id, region);
    const alias = /(?:^|:)(alias\/.+)$/.exec(id)?.[1];
    return [
      {
        action,
        resource,
        context: {
          ...(aliases.length === 0 ? {} : { 'kms:ResourceAliases': [...aliases].sort().join(',') }),
          ...(alias === undefined ? {} : { 'kms:RequestAlias': alias }),
          ...contextOf(input),
        },
      },
    ];
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
function putEvents({ Entries }: Input, place: Place): readonly Call[] {
  const entries = Entries as readonly Readonly<Record<string, string>>[];
  return entries.map(({ EventBusName = 'default', Source = '', DetailType = '' }) => ({
    action: 'events:PutEvents',
    resource: EventBusName.startsWith('arn:') ? EventBusName : arn(place, 'events', `event-bus/${EventBusName}`),
    context: { 'events:source': Source, 'events:detail-type': DetailType },
  }));
}

function onStack(action: string): Operation {
  return ({ StackName }, place) => {
    if (StackName === undefined) {
      return [{ action, resource: '*', context: {} }];
    }
    const name = String(StackName);
    const resource = name.startsWith('arn:') ? name : arn(place, 'cloudformation', `stack/${name}/any`);
    return [{ action, resource, context: {} }];
  };
}

function arn({ facts, region }: Place, service: string, resource: string): string {
  return `arn:aws:${service}:${region}:${facts.account}:${resource}`;
}
