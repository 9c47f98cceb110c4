import { z } from 'zod';
import { AwsCallError, type Credentials, signedHeaders } from '../aws';
import type { Selector, Trail } from './trail';

/** What AWS has of a platform: as much as bootstrapping asks. Every `undefined` means that it is not there. */
export interface Aws {
  /** The account that the credentials are of. */
  account(): Promise<string>;
  /** CloudTrail's trails that record this region. */
  trails(): Promise<readonly Trail[]>;
  /** Version of the CDK's bootstrap. */
  bootstrapVersion(qualifier: string): Promise<number | undefined>;
  /** Image that a project makes: its variable TOOLBOX_IMAGE. */
  toolboxOf(project: string): Promise<string | undefined>;
  /** Digest of the image with a tag. */
  digestOf(repository: string, tag: string): Promise<string | undefined>;
  /** Starts a build, and gives its id. */
  startBuild(project: string): Promise<string>;
  build(id: string): Promise<{ readonly status: string; readonly phase: string; readonly log?: string }>;
  /** The public key behind an alias, as PEM. */
  publicKey(alias: string): Promise<string | undefined>;
}

export interface AwsAddress {
  readonly region: string;
  /** In place of AWS itself, such as the local AWS. */
  readonly endpoint?: string;
}

interface Service {
  readonly signedAs: string;
  readonly host: string;
  readonly target: string;
}

const services = {
  ecr: { signedAs: 'ecr', host: 'api.ecr', target: 'AmazonEC2ContainerRegistry_V20150921' },
  kms: { signedAs: 'kms', host: 'kms', target: 'TrentService' },
  ssm: { signedAs: 'ssm', host: 'ssm', target: 'AmazonSSM' },
  cloudtrail: {
    signedAs: 'cloudtrail',
    host: 'cloudtrail',
    target: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
  },
  codebuild: { signedAs: 'codebuild', host: 'codebuild', target: 'CodeBuild_20161006' },
} as const satisfies Record<string, Service>;

const projectsSchema = z.looseObject({
  projects: z.array(
    z.looseObject({
      environment: z.looseObject({
        environmentVariables: z.array(z.looseObject({ name: z.string(), value: z.string() })).default([]),
      }),
    }),
  ),
});
const imagesSchema = z.looseObject({ imageDetails: z.array(z.looseObject({ imageDigest: z.string() })) });
const startedSchema = z.looseObject({ build: z.looseObject({ id: z.string() }) });
const buildsSchema = z.looseObject({
  builds: z
    .array(
      z.looseObject({
        buildStatus: z.string(),
        currentPhase: z.string().default(''),
        logs: z.looseObject({ deepLink: z.string().optional() }).optional(),
      }),
    )
    .length(1),
});
const parameterSchema = z.looseObject({ Parameter: z.looseObject({ Value: z.string().regex(/^[0-9]+$/) }) });
const publicKeySchema = z.looseObject({ PublicKey: z.string() });
const trailsSchema = z.looseObject({
  trailList: z.array(z.looseObject({ Name: z.string(), TrailARN: z.string() })).default([]),
});
const trailStatusSchema = z.looseObject({ IsLogging: z.boolean() });
const values = z.array(z.string()).default([]);
const selectorsSchema = z.looseObject({
  EventSelectors: z
    .array(
      z.looseObject({
        ReadWriteType: z.enum(['All', 'ReadOnly', 'WriteOnly']).default('All'),
        IncludeManagementEvents: z.boolean().default(true),
        ExcludeManagementEventSources: values,
      }),
    )
    .nullish(),
  AdvancedEventSelectors: z
    .array(
      z.looseObject({
        FieldSelectors: z.array(z.looseObject({ Field: z.string(), Equals: values, NotEquals: values })),
      }),
    )
    .nullish(),
});
const failureSchema = z.looseObject({
  __type: z.string().default(''),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** Asks AWS, or what answers in its place. */
export function awsAt({ region, endpoint }: AwsAddress, credentials: () => Promise<Credentials>): Aws {
  const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
  const post = async (host: string, signedAs: string, headers: Record<string, string>, body: string) => {
    const url = new URL('/', endpoint ?? `https://${host}.${region}.${domain}`);
    const { host: _, ...signed } = signedHeaders(
      { url, service: signedAs, region, headers, body },
      await credentials(),
      new Date(),
    );
    let response: Response;
    try {
      response = await fetch(url, { method: 'POST', headers: signed, body, signal: AbortSignal.timeout(30_000) });
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new AwsCallError('unreachable', `${url.origin} does not answer: ${cause}`);
    }
    return { ok: response.ok, status: response.status, text: await response.text() };
  };
  /** @param absent codes of "there is no such thing": answered by undefined */
  const ask = async <T>(
    service: keyof typeof services,
    action: string,
    input: object,
    schema: z.ZodType<T>,
    absent: readonly string[] = [],
  ): Promise<T | undefined> => {
    const { signedAs, host, target } = services[service];
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `${target}.${action}` };
    const { ok, status, text } = await post(host, signedAs, headers, JSON.stringify(input));
    if (ok) {
      return schema.parse(JSON.parse(text));
    }
    const failure = failureSchema.safeParse(jsonOf(text)).data;
    const code = failure?.__type.split('#').pop() ?? '';
    if (absent.includes(code)) {
      return undefined;
    }
    throw new AwsCallError(
      'aws-error',
      `${service} ${action}: ${code || status} ${failure?.message ?? failure?.Message ?? text.slice(0, 300)}`,
      code || String(status),
    );
  };
  const must = async <T>(...words: Parameters<typeof ask<T>>): Promise<T> => (await ask(...words)) as T;
  return {
    account: async () => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      const { ok, text } = await post('sts', 'sts', headers, 'Action=GetCallerIdentity&Version=2011-06-15');
      const account = /<Account>([0-9]{12})<\/Account>/.exec(text)?.[1];
      if (!ok || account === undefined) {
        throw new AwsCallError('credentials', `AWS does not take the credentials: ${text.slice(0, 300)}`);
      }
      return account;
    },
    trails: async () => {
      const { trailList } = await must('cloudtrail', 'DescribeTrails', { includeShadowTrails: true }, trailsSchema);
      return Promise.all(
        trailList.map(async ({ Name, TrailARN }): Promise<Trail> => {
          // A trail of the organisation is seen by its accounts, and what it records may not be.
          const unseen = ['AccessDeniedException', 'InsufficientDependencyServiceAccessPermissionException'];
          const status = await ask('cloudtrail', 'GetTrailStatus', { Name: TrailARN }, trailStatusSchema, unseen);
          const input = { TrailName: TrailARN };
          const answer = await ask('cloudtrail', 'GetEventSelectors', input, selectorsSchema, unseen);
          return {
            name: Name,
            logging: status?.IsLogging ?? true,
            ...(answer === undefined ? {} : { selectors: selectorsOf(answer) }),
          };
        }),
      );
    },
    bootstrapVersion: async (qualifier) => {
      const input = { Name: `/cdk-bootstrap/${qualifier}/version` };
      const answer = await ask('ssm', 'GetParameter', input, parameterSchema, ['ParameterNotFound']);
      return answer === undefined ? undefined : Number(answer.Parameter.Value);
    },
    toolboxOf: async (project) => {
      const { projects } = await must('codebuild', 'BatchGetProjects', { names: [project] }, projectsSchema);
      return projects[0]?.environment.environmentVariables.find(({ name }) => name === 'TOOLBOX_IMAGE')?.value;
    },
    digestOf: async (repository, tag) => {
      const input = { repositoryName: repository, imageIds: [{ imageTag: tag }] };
      const answer = await ask('ecr', 'DescribeImages', input, imagesSchema, [
        'ImageNotFoundException',
        'RepositoryNotFoundException',
      ]);
      return answer?.imageDetails[0]?.imageDigest;
    },
    startBuild: async (project) =>
      (await must('codebuild', 'StartBuild', { projectName: project }, startedSchema)).build.id,
    build: async (id) => {
      const { builds } = await must('codebuild', 'BatchGetBuilds', { ids: [id] }, buildsSchema);
      const [{ buildStatus, currentPhase, logs }] = builds as [(typeof builds)[number]];
      return {
        status: buildStatus,
        phase: currentPhase,
        ...(logs?.deepLink === undefined ? {} : { log: logs.deepLink }),
      };
    },
    publicKey: async (alias) => {
      const answer = await ask('kms', 'GetPublicKey', { KeyId: alias }, publicKeySchema, ['NotFoundException']);
      return answer === undefined ? undefined : pemOf(answer.PublicKey);
    },
  };
}

function selectorsOf(answer: z.output<typeof selectorsSchema>): readonly Selector[] {
  const plain = (answer.EventSelectors ?? [])
    .filter(({ IncludeManagementEvents }) => IncludeManagementEvents)
    .map(({ ReadWriteType, ExcludeManagementEventSources }) => ({
      reads: ReadWriteType !== 'WriteOnly',
      writes: ReadWriteType !== 'ReadOnly',
      excludedSources: ExcludeManagementEventSources,
    }));
  const advanced = (answer.AdvancedEventSelectors ?? []).flatMap(({ FieldSelectors }) => {
    const field = (name: string) => FieldSelectors.find(({ Field }) => Field === name);
    const readOnly = field('readOnly')?.Equals ?? [];
    return field('eventCategory')?.Equals.includes('Management')
      ? [
          {
            reads: readOnly.length === 0 || readOnly.includes('true'),
            writes: readOnly.length === 0 || readOnly.includes('false'),
            excludedSources: field('eventSource')?.NotEquals ?? [],
          },
        ]
      : [];
  });
  return [...plain, ...advanced];
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

/** The PEM form of a DER key in base64: lines of 64 characters (RFC 7468). */
export function pemOf(base64: string): string {
  return `-----BEGIN PUBLIC KEY-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----\n`;
}
