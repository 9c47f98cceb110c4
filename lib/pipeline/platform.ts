import { Construct } from 'constructs';
import { type Catalog, loadCatalog } from '../catalog';
import { KmsSigner } from './default-strategies';
import { KeysStack } from './keys-stack';
import { PlatformStack } from './platform-stack';
import type { PullRequests } from './pull-request-project';
import { ServiceStack } from './service-stack';
import type { Strategies } from './strategies';

export interface PlatformProps {
  /** Folder of platform.yaml, services/ and keys/. */
  readonly catalogDirectory: string;
  /** @default read from the folder */
  readonly catalog?: Catalog;
  /** Folder of the bundled command line. @default the package's own */
  readonly program?: string;
  /** Parts to replace. @default BuildKit, `bowline scan`, cosign with KMS, `bowline promote` */
  readonly strategies?: Strategies;
  /** Build pull requests of these authors, of every service. @default none is built */
  readonly pullRequests?: PullRequests;
}

/**
 * All of a platform: a stack of signing keys, one for what the pipelines share, and one for each service. They are deployed in this order.
 * Everything that is made is reachable from here, down to each L2.
 */
export class Platform extends Construct {
  readonly keys: KeysStack;
  readonly shared: PlatformStack;
  /** By name of the service. */
  readonly services: ReadonlyMap<string, ServiceStack>;

  /** @throws CatalogError with every problem of the catalog */
  constructor(scope: Construct, id: string, props: PlatformProps) {
    super(scope, id);
    const { platform, services } = props.catalog ?? loadCatalog(props.catalogDirectory);
    const { strategies, pullRequests } = props;
    const env = platform.pipeline;
    this.keys = new KeysStack(this, 'Keys', {
      stackName: `${platform.name}-keys`,
      description: `Signing keys of ${platform.name}, and who is told when they are touched`,
      env,
      platform,
      signer: strategies?.signer ?? new KmsSigner(),
    });
    this.shared = new PlatformStack(this, 'Shared', {
      stackName: `${platform.name}-platform`,
      description: `What all release pipelines of ${platform.name} share`,
      env,
      platform,
      catalogDirectory: props.catalogDirectory,
      ...(props.program === undefined ? {} : { program: props.program }),
      ...(strategies === undefined ? {} : { strategies }),
    });
    this.shared.addStackDependency(this.keys, 'keys come first: their public halves travel with the bundle');
    this.services = new Map(
      services.map((service) => [
        service.name,
        new ServiceStack(this, service.name, {
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
