import { ApiObject, type Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import { formatWholeSeconds } from '../values/whole-seconds';

/** Properties of a {@link ServiceMonitor}. */
export interface ServiceMonitorProps {
  /** The namespace is that of the Service. The labels must match the monitor selector of the Prometheus object. */
  readonly metadata: Metadata & { readonly namespace: string };
  /** Value of the label `app` of the Service. The name of the Service becomes the label `job` of its series. */
  readonly app: string;
  /** HTTP path of the metrics, for example `/metrics`. */
  readonly path: string;
  /** Time between two scrapes, in whole seconds. */
  readonly interval: Duration;
}

/** Upper limit of the scrape timeout, however long the interval. */
const maxTimeoutSeconds = 10;

/**
 * A ServiceMonitor that scrapes the pods behind one Service.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export class ServiceMonitor extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, app, path, interval }: ServiceMonitorProps) {
    super(scope, id, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata,
      spec: {
        selector: { matchLabels: { app } },
        namespaceSelector: { matchNames: [metadata.namespace] },
        endpoints: [
          {
            port: 'http',
            path,
            interval: formatWholeSeconds('interval', interval),
            scrapeTimeout: timeoutWithin(interval),
          },
        ],
      },
    });
  }
}

/** A timeout shorter than the interval, so that a scrape ends before the next one starts. */
function timeoutWithin(interval: Duration): string {
  return `${Math.max(1, Math.min(interval.toSeconds() - 1, maxTimeoutSeconds))}s`;
}
