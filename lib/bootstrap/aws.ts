import { z } from 'zod';
import { type AwsApi, AwsCallError, awsCall, type Credentials, postSigned } from '../aws';
import type { Selector, Trail } from './trail';

/** The AWS calls of a bootstrap. `undefined` means that the resource does not exist. */
export interface Aws {
  /** The account of the credentials. */
  account(): Promise<string>;
  /** The CloudTrail trails that record this region. */
  trails(): Promise<readonly Trail[]>;
  /** The version of the CDK bootstrap. */
  bootstrapVersion(qualifier: string): Promise<number | undefined>;
  /** The image that a project builds: its variable TOOLBOX_IMAGE. */
  toolboxImage(project: string): Promise<string | undefined>;
  /** The digest of the image with the given tag. */
  digestOf(repository: string, tag: string): Promise<string | undefined>;
  /** Starts a build and returns its ID. */
  startBuild(project: string): Promise<string>;
  build(id: string): Promise<{ readonly status: string; readonly phase: string; readonly log?: string }>;
  /** The public key of an alias in PEM format. */
  publicKey(alias: string): Promise<string | undefined>;
}

export type AwsAddress = Omit<AwsApi, 'credentials'>;

/** The services by their names in signatures. */
const services = {
  ecr: { host: 'api.ecr', targetPrefix: 'AmazonEC2ContainerRegistry_V20150921' },
  kms: { host: 'kms', targetPrefix: 'TrentService' },
  ssm: { host: 'ssm', targetPrefix: 'AmazonSSM' },
  cloudtrail: { host: 'cloudtrail', targetPrefix: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101' },
  codebuild: { host: 'codebuild', targetPrefix: 'CodeBuild_20161006' },
} as const;

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
const stringList = z.array(z.string()).default([]);
const selectorsSchema = z.looseObject({
  EventSelectors: z
    .array(
      z.looseObject({
        ReadWriteType: z.enum(['All', 'ReadOnly', 'WriteOnly']).default('All'),
        IncludeManagementEvents: z.boolean().default(true),
        ExcludeManagementEventSources: stringList,
      }),
    )
    .nullish(),
  AdvancedEventSelectors: z
    .array(
      z.looseObject({
        FieldSelectors: z.array(z.looseObject({ Field: z.string(), Equals: stringList, NotEquals: stringList })),
      }),
    )
    .nullish(),
});
/** Creates a client for AWS or for an endpoint that replaces it. */
export function createAwsClient(address: AwsAddress, credentials: () => Promise<Credentials>): Aws {
  const api: AwsApi = { ...address, credentials };
  const call = async <T>(
    serviceName: keyof typeof services,
    action: string,
    input: object,
    schema: z.ZodType<T>,
  ): Promise<T> => {
    const { host, targetPrefix } = services[serviceName];
    return schema.parse(await awsCall(api, { service: serviceName, host, target: `${targetPrefix}.${action}`, input }));
  };
  return {
    account: async () => {
      const { ok, text } = await postSigned(api, {
        service: 'sts',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: 'Action=GetCallerIdentity&Version=2011-06-15',
      });
      const account = /<Account>([0-9]{12})<\/Account>/.exec(text)?.[1];
      if (!ok || account === undefined) {
        throw new AwsCallError('credentials', `AWS rejected the credentials: ${text.slice(0, 300)}`);
      }
      return account;
    },
    trails: async () => {
      const { trailList } = await call('cloudtrail', 'DescribeTrails', { includeShadowTrails: true }, trailsSchema);
      return Promise.all(
        trailList.map(async ({ Name, TrailARN }): Promise<Trail> => {
          // The accounts of an organization can list its trail but may not be allowed to read its settings.
          const denied = ['AccessDeniedException', 'InsufficientDependencyServiceAccessPermissionException'];
          const status = await unlessCode(
            denied,
            call('cloudtrail', 'GetTrailStatus', { Name: TrailARN }, trailStatusSchema),
          );
          const selectors = await unlessCode(
            denied,
            call('cloudtrail', 'GetEventSelectors', { TrailName: TrailARN }, selectorsSchema),
          );
          return {
            name: Name,
            logging: status?.IsLogging ?? true,
            selectors: selectors && parseSelectors(selectors),
          };
        }),
      );
    },
    bootstrapVersion: async (qualifier) => {
      const input = { Name: `/cdk-bootstrap/${qualifier}/version` };
      const response = await unlessCode(['ParameterNotFound'], call('ssm', 'GetParameter', input, parameterSchema));
      return response === undefined ? undefined : Number(response.Parameter.Value);
    },
    toolboxImage: async (project) => {
      const { projects } = await call('codebuild', 'BatchGetProjects', { names: [project] }, projectsSchema);
      return projects[0]?.environment.environmentVariables.find(({ name }) => name === 'TOOLBOX_IMAGE')?.value;
    },
    digestOf: async (repository, tag) => {
      const input = { repositoryName: repository, imageIds: [{ imageTag: tag }] };
      const response = await unlessCode(
        ['ImageNotFoundException', 'RepositoryNotFoundException'],
        call('ecr', 'DescribeImages', input, imagesSchema),
      );
      return response?.imageDetails[0]?.imageDigest;
    },
    startBuild: async (project) =>
      (await call('codebuild', 'StartBuild', { projectName: project }, startedSchema)).build.id,
    build: async (id) => {
      const { builds } = await call('codebuild', 'BatchGetBuilds', { ids: [id] }, buildsSchema);
      const [{ buildStatus, currentPhase, logs }] = builds as [(typeof builds)[number]];
      return { status: buildStatus, phase: currentPhase, log: logs?.deepLink };
    },
    publicKey: async (alias) => {
      const response = await unlessCode(
        ['NotFoundException'],
        call('kms', 'GetPublicKey', { KeyId: alias }, publicKeySchema),
      );
      return response === undefined ? undefined : toPem(response.PublicKey);
    },
  };
}

/** Resolves to undefined if the call fails with one of these AWS error codes. */
async function unlessCode<T>(codes: readonly string[], response: Promise<T>): Promise<T | undefined> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof AwsCallError && error.awsCode !== undefined && codes.includes(error.awsCode)) {
      return undefined;
    }
    throw error;
  }
}

function parseSelectors(response: z.output<typeof selectorsSchema>): readonly Selector[] {
  const plain = (response.EventSelectors ?? [])
    .filter(({ IncludeManagementEvents }) => IncludeManagementEvents)
    .map(({ ReadWriteType, ExcludeManagementEventSources }) => ({
      reads: ReadWriteType !== 'WriteOnly',
      writes: ReadWriteType !== 'ReadOnly',
      excludedSources: ExcludeManagementEventSources,
    }));
  const advanced = (response.AdvancedEventSelectors ?? []).flatMap(({ FieldSelectors }) => {
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

/** Converts a base64-encoded DER key to PEM, with lines of 64 characters (RFC 7468). */
function toPem(base64: string): string {
  return `-----BEGIN PUBLIC KEY-----\n${(base64.match(/.{1,64}/g) ?? []).join('\n')}\n-----END PUBLIC KEY-----\n`;
}
