import { Construct } from 'constructs';
import { type Catalog, loadCatalog } from '../catalog';
import { PlatformStack } from './platform-stack';
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
}

/**
 * All of a platform: one stack for what its pipelines share, and one for each service.
 * Everything that is made is reachable from here, down to each L2.
 */
export class Platform extends Construct {
  readonly shared: PlatformStack;
  /** By name of the service. */
  readonly services: ReadonlyMap<string, ServiceStack>;

  /** @throws CatalogError with every problem of the catalog */
  constructor(scope: Construct, id: string, props: PlatformProps) {
    super(scope, id);
    const { platform, services } = props.catalog ?? loadCatalog(props.catalogDirectory);
    const { strategies } = props;
    const env = platform.pipeline;
    this.shared = new PlatformStack(this, 'Shared', {
      stackName: `${platform.name}-platform`,
      description: `What all release pipelines of ${platform.name} share`,
      env,
      platform,
      catalogDirectory: props.catalogDirectory,
      ...(props.program === undefined ? {} : { program: props.program }),
      ...(strategies === undefined ? {} : { strategies }),
    });
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
          ...(strategies === undefined ? {} : { strategies }),
        }),
      ]),
    );
  }
}
