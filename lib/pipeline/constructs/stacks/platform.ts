import { Annotations, aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Catalog, Platform as PlatformDescription, Service } from '../../../catalog';
import { loadReleasableCatalog } from '../../../rollout';
import { artifactNameLengths } from '../../iam/arns';
import { boundaryArn } from '../../iam/deployment-boundary';
import { roleEventsRegion } from '../../monitoring/tamper-event-patterns';
import { platformNames, serviceNames } from '../../names';
import { ToolboxStack } from '../../toolbox';
import type { CachedRegistry } from '../base-cache';
import { KmsSigner } from '../default-strategies';
import type { PullRequests } from '../pull-request-project';
import type { StepProject } from '../step-project';
import type { ProjectHandle, Strategies } from '../strategies';
import { KeysStack } from './keys-stack';
import { PlatformStack } from './platform-stack';
import { RoleEventsStack } from './role-events-stack';
import { ServiceStack } from './service-stack';

export interface PlatformProps<
  Build extends ProjectHandle = ProjectHandle,
  Scan extends ProjectHandle = ProjectHandle,
  Sign extends ProjectHandle = ProjectHandle,
  Promote extends ProjectHandle = ProjectHandle,
> {
  /** Folder of platform.yaml, services/ and keys/. */
  readonly catalog: string;
  /** What the folder says, for those who have read it already. @default read from the folder */
  readonly parsed?: Catalog;
  /** Folder of the bundled command line. @default the package's own */
  readonly program?: string;
  /** Parts to replace. @default BuildKit, `bowline scan`, cosign with KMS, `bowline promote` */
  readonly strategies?: Strategies<Build, Scan, Sign, Promote>;
  /** Build pull requests of these authors, of every service. @default none is built */
  readonly pullRequests?: PullRequests;
  /**
   * Send IAM's events on our roles to the region of the pipelines, by a stack in the region where they arrive (us-east-1), which needs a bootstrap
   * of the CDK, too: `docs/how-to/signing-keys.md`. @default false: whoever changes the roles of sign and promote is not told of, unless pipelines are there
   */
  readonly roleEvents?: boolean;
  /** Public registries whose images ECR keeps copies of, for bases that the catalog names there: `docs/how-to/base-images.md`. @default none */
  readonly baseCache?: readonly CachedRegistry[];
}

/**
 * All of a platform: a stack that makes the toolbox, one of signing keys, one for what the pipelines share, and one for each service.
 * They are deployed in this order; "bowline bootstrap" writes down what the first two made.
 * Everything that is made is reachable from here, down to each L2; what a strategy of the platform's own makes has the type that it says.
 */
export class Platform<
  Build extends ProjectHandle = StepProject,
  Scan extends ProjectHandle = StepProject,
  Sign extends ProjectHandle = StepProject,
  Promote extends ProjectHandle = StepProject,
> extends Construct {
  readonly toolbox: ToolboxStack;
  readonly keys: KeysStack;
  /** Where it is asked for, and the region of the pipelines is another. */
  readonly roleEvents?: RoleEventsStack;
  readonly shared: PlatformStack<Scan, Sign, Promote>;
  /** By name of the service. */
  readonly services: ReadonlyMap<string, ServiceStack<Build>>;

  /** @throws CatalogError with every problem of the catalog, rollouts that can not keep their budget among them */
  constructor(scope: Construct, id: string, props: PlatformProps<Build, Scan, Sign, Promote>) {
    super(scope, id);
    const { platform, services } = props.parsed ?? loadReleasableCatalog(props.catalog).catalog;
    const { strategies, pullRequests, baseCache } = props;
    const env = { account: platform.pipeline.account, region: platform.pipeline.region };
    const boundary = boundaryArn(platform);
    if (boundary !== undefined) {
      iam.PermissionsBoundary.of(this).apply(iam.ManagedPolicy.fromManagedPolicyArn(this, 'Boundary', boundary));
    }
    this.toolbox = new ToolboxStack(this, 'Toolbox', {
      stackName: `${platform.name}-toolbox`,
      description: `Makes the image that every verb of ${platform.name} runs in`,
      env,
      platform,
    });
    this.keys = new KeysStack(this, 'Keys', {
      stackName: `${platform.name}-keys`,
      description: `Signing keys of ${platform.name}, and who is told when they are touched`,
      env,
      platform,
      signer: strategies?.signer ?? new KmsSigner(),
    });
    this.keys.addStackDependency(this.toolbox, 'toolbox, keys, pipelines: the order of the first deployment');
    const { role } = platformNames(platform);
    const roles = [this.keys.keys?.signer ?? role('sign'), role('promote')];
    const arriving = roleEventsRegion(platform);
    if (props.roleEvents === true && arriving !== env.region) {
      this.roleEvents = new RoleEventsStack(this, 'RoleEvents', {
        stackName: `${platform.name}-role-events`,
        description: `Sends IAM's events on roles of ${platform.name} to ${env.region}`,
        env: { ...env, region: arriving },
        platform,
        roles,
      });
    }
    this.shared = new PlatformStack<Scan, Sign, Promote>(this, 'Shared', {
      stackName: `${platform.name}-platform`,
      description: `What all release pipelines of ${platform.name} share`,
      env,
      platform,
      catalogDirectory: props.catalog,
      roles,
      roleEvents: props.roleEvents ?? false,
      ...(props.program === undefined ? {} : { program: props.program }),
      ...(baseCache === undefined ? {} : { baseCache }),
      ...(strategies === undefined ? {} : { strategies }),
    });
    this.shared.addStackDependency(this.keys, 'keys come first: their public halves travel with the bundle');
    warnOfSharedPrefixes(this.shared, platform, services);
    this.services = new Map(
      services.map((service) => [
        service.name,
        new ServiceStack<Build>(this, service.name, {
          // No service's name can make this the name of a platform's own stack.
          stackName: `${platform.name}-service-${service.name}`,
          description: `Release pipeline of ${service.name}`,
          env,
          platform,
          service,
          shared: this.shared,
          ...(pullRequests === undefined ? {} : { pullRequests }),
          ...(strategies === undefined ? {} : { strategies }),
        }),
      ]),
    );
  }
}

/** Where CodePipeline cuts two names to one prefix, a build could read the other's source: records are held by hashes, sources are not secret to it. */
function warnOfSharedPrefixes(scope: Construct, platform: PlatformDescription, services: readonly Service[]): void {
  const { pipeline: length } = artifactNameLengths;
  const byPrefix = new Map<string, string[]>();
  for (const { name } of services) {
    const prefix = serviceNames(platform, name).pipeline.slice(0, length);
    byPrefix.set(prefix, [...(byPrefix.get(prefix) ?? []), name]);
  }
  for (const [prefix, names] of byPrefix) {
    if (names.length > 1) {
      Annotations.of(scope).addWarningV2(
        `bowline:shared-prefix-${prefix}`,
        `CodePipeline keeps the artifacts of ${names.join(', ')} under one prefix, "${prefix}": it cuts the names of pipelines to ${length} characters. Their builds can read each other's sources; where that matters, give them names that differ earlier`,
      );
    }
  }
}
