import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

export interface ServiceMonitorProps {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Label `app` of the Service; its name becomes the job. */
  readonly app: string;
  readonly path: string;
  readonly intervalSeconds: number;
}

/** Scrapes the pods behind one Service. */
export class ServiceMonitor extends ApiObject {
  constructor(scope: Construct, id: string, props: ServiceMonitorProps) {
    super(scope, id, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata: {
        name: props.name,
        namespace: props.namespace,
        labels: { ...props.labels },
        annotations: { ...props.annotations },
      },
      spec: {
        selector: { matchLabels: { app: props.app } },
        namespaceSelector: { matchNames: [props.namespace] },
        endpoints: [
          {
            port: 'http',
            path: props.path,
            interval: `${props.intervalSeconds}s`,
            scrapeTimeout: `${Math.max(1, Math.min(props.intervalSeconds - 1, 10))}s`,
          },
        ],
      },
    });
  }
}
