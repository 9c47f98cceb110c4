import { Annotations, aws_iam as iam } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  artifactNameLengths,
  artifactPrefix,
  type Catalog,
  type Platform as PlatformDescription,
  type Service,
} from '../../../catalog';
import { loadReleasableCatalog } from '../../../rollout';
import { boundaryArn } from '../../iam/deployment-boundary';
import { roleEventsRegion } from '../../monitoring/tamper-event-patterns';
import { platformNames } from '../../names';
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
  /** Folder with platform.yaml, services/ and keys/. */
  readonly catalog: string;
  /** The parsed catalog. @default parsed from the folder */
  readonly parsed?: Catalog;
  /** Folder of the bundled command line. @default the one of the package */
  readonly program?: string;
  /** Parts of the pipelines to replace. @default BuildKit, `bowline scan`, cosign with KMS, `bowline promote` */
  readonly strategies?: Strategies<Build, Scan, Sign, Promote>;
  /** Which pull requests to build, for every service. @default pull requests are not built */
  readonly pullRequests?: PullRequests;
  /**
   * Whether to forward IAM events about the platform's roles to the region of the pipelines. This adds a stack in the region where IAM delivers
   * its events (us-east-1), which needs a CDK bootstrap, too: `docs/how-to/signing-keys.md`.
   * @default false: changes of roles are reported only if the pipelines are in that region
   */
  readonly roleEvents?: boolean;
  /** Public registries whose images ECR caches, for base images of the catalog: `docs/how-to/base-images.md`. @default none */
  readonly baseCache?: readonly CachedRegistry[];
}

/**
 * All stacks of a platform: toolbox, signing keys, shared resources, and one stack per service. They are deployed in this order; `bowline bootstrap`
 * writes the results of the first two to the catalog.
 *
 * All resources are reachable from here, down to each L2 construct. The project of a custom strategy has the type that the strategy declares.
 */
export class Platform<
  Build extends ProjectHandle = StepProject,
  Scan extends ProjectHandle = StepProject,
  Sign extends ProjectHandle = StepProject,
  Promote extends ProjectHandle = StepProject,
> extends Construct {
  readonly toolbox: ToolboxStack;
  readonly keys: KeysStack;
  /** The stack that forwards IAM events, if `roleEvents` is set and the pipelines are in another region than these events. */
  readonly roleEvents?: RoleEventsStack;
  readonly shared: PlatformStack<Scan, Sign, Promote>;
  /** The stack of each service, by name of the service. */
  readonly services: ReadonlyMap<string, ServiceStack<Build>>;

  /** @throws CatalogError with every problem of the catalog, including rollouts that cannot meet their rollback budget */
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
      description: `Builds the image in which every pipeline step of ${platform.name} runs`,
      env,
      platform,
    });
    this.keys = new KeysStack(this, 'Keys', {
      stackName: `${platform.name}-keys`,
      description: `Signing keys of ${platform.name}, and alerts on their use`,
      env,
      platform,
      signer: strategies?.signer ?? new KmsSigner(),
    });
    this.keys.addStackDependency(this.toolbox, 'the first deployment has the order toolbox, keys, pipelines');
    const { role } = platformNames(platform);
    const roles = [this.keys.keys?.signer ?? role('sign'), role('promote')];
    const eventsRegion = roleEventsRegion(platform);
    if (props.roleEvents === true && eventsRegion !== env.region) {
      this.roleEvents = new RoleEventsStack(this, 'RoleEvents', {
        stackName: `${platform.name}-role-events`,
        description: `Forwards IAM events about roles of ${platform.name} to ${env.region}`,
        env: { ...env, region: eventsRegion },
        platform,
        roles,
      });
    }
    this.shared = new PlatformStack<Scan, Sign, Promote>(this, 'Shared', {
      stackName: `${platform.name}-platform`,
      description: `Resources that all release pipelines of ${platform.name} share`,
      env,
      platform,
      services,
      catalogDirectory: props.catalog,
      roles,
      roleEvents: props.roleEvents ?? false,
      program: props.program,
      baseCache,
      strategies,
    });
    this.shared.addStackDependency(this.keys, 'the bundle contains the public keys');
    requireOwnPrefixes(this.shared, platform, services);
    const byName = new Map(services.map((service) => [service.name, service]));
    this.services = new Map(
      services.map((service) => [
        service.name,
        new ServiceStack<Build>(this, service.name, {
          // The prefix keeps services named like a stack of the platform, such as keys, apart from it.
          stackName: `${platform.name}-service-${service.name}`,
          description: `Release pipeline of ${service.name}`,
          env,
          platform,
          service,
          services: byName,
          shared: this.shared,
          pullRequests,
          strategies,
        }),
      ]),
    );
  }
}

/**
 * Rejects services whose artifacts CodePipeline would store in one folder, for programs that pass services that `check catalog` has not seen: each
 * build could read the source and write the release record of the other service.
 */
function requireOwnPrefixes(scope: Construct, platform: PlatformDescription, services: readonly Service[]): void {
  const servicesByPrefix = new Map<string, string[]>();
  for (const { name } of services) {
    const prefix = artifactPrefix(platform.name, name);
    servicesByPrefix.set(prefix, [...(servicesByPrefix.get(prefix) ?? []), name]);
  }
  for (const [prefix, names] of servicesByPrefix) {
    if (names.length > 1) {
      Annotations.of(scope).addError(
        `CodePipeline stores the artifacts of ${names.join(', ')} in one folder, "${prefix}", because it truncates pipeline names to ${artifactNameLengths.pipeline} characters. Each build could read and write what belongs to the other: choose names that differ earlier`,
      );
    }
  }
}
