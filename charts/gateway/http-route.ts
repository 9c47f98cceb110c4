import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface HttpRouteProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly gateway: { readonly name: string; readonly namespace: string };
  readonly hostname: string;
  /** The Service that answers, in the same namespace. */
  readonly service: { readonly name: string; readonly port: number };
}

/** Sends all requests for a host to one Service. @see https://gateway-api.sigs.k8s.io/api-types/httproute/ */
export class HttpRoute extends ApiObject {
  constructor(scope: Construct, id: string, props: HttpRouteProps) {
    super(scope, id, {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: { ...props.annotations },
      },
      spec: {
        parentRefs: [gatewayReference(props.gateway)],
        hostnames: [props.hostname],
        // Fields that the API would fill in stand here, so that Argo CD finds no difference (argoproj/argo-helm#3538).
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [
              { group: '', kind: 'Service', name: props.service.name, port: props.service.port, weight: 1 },
            ],
          },
        ],
      },
    });
  }
}

/** A Gateway as routes name the one that they hang on. */
export function gatewayReference({ name, namespace }: { readonly name: string; readonly namespace: string }) {
  return { group: 'gateway.networking.k8s.io', kind: 'Gateway', name, namespace };
}
