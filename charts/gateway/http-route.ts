import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';

/** Name and namespace of a Gateway. */
export interface GatewayName {
  readonly name: string;
  readonly namespace: string;
}

/** Properties of an {@link HttpRoute}. */
export interface HttpRouteProps {
  readonly metadata: Metadata;
  /** The Gateway that the route attaches to. */
  readonly gateway: GatewayName;
  /** Host whose requests the route takes. */
  readonly hostname: string;
  /** The Service that receives the requests, in the namespace of the route. */
  readonly service: { readonly name: string; readonly port: number };
}

/** An HTTPRoute that sends all requests for a host to one Service. @see https://gateway-api.sigs.k8s.io/api-types/httproute/ */
export class HttpRoute extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, gateway, hostname, service }: HttpRouteProps) {
    super(scope, id, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [gatewayReference(gateway)],
        hostnames: [hostname],
        // Includes the fields that the API server would default, so that Argo CD finds no difference (argoproj/argo-helm#3538).
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ group: '', kind: 'Service', name: service.name, port: service.port, weight: 1 }],
          },
        ],
      },
    });
  }
}

/** The reference by which a route names its Gateway. */
export function gatewayReference({ name, namespace }: GatewayName) {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name, namespace };
}
