import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';

export interface GatewayName {
  readonly name: string;
  readonly namespace: string;
}

export interface HttpRouteProps {
  readonly metadata: Metadata;
  readonly gateway: GatewayName;
  readonly hostname: string;
  /** The Service that answers, in the same namespace. */
  readonly service: { readonly name: string; readonly port: number };
}

/** Sends all requests for a host to one Service. @see https://gateway-api.sigs.k8s.io/api-types/httproute/ */
export class HttpRoute extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, gateway, hostname, service }: HttpRouteProps) {
    super(scope, id, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: [gatewayReference(gateway)],
        hostnames: [hostname],
        // Fields that the API would fill in stand here, so that Argo CD finds no difference (argoproj/argo-helm#3538).
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

/** A Gateway as routes name the one that they hang on. */
export function gatewayReference({ name, namespace }: GatewayName) {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name, namespace };
}
