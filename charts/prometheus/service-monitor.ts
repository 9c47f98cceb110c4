import { ApiObject, type Duration } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Metadata } from '../kubernetes/metadata';
import { wholeSeconds } from '../values/whole-seconds';

export interface ServiceMonitorProps {
  readonly metadata: Metadata & { readonly namespace: string };
  /** Label `app` of the Service; its name becomes the job. */
  readonly app: string;
  readonly path: string;
  readonly interval: Duration;
}

/** An answer that takes longer than this is none. */
const longestTimeout = 10;

/** Scrapes the pods behind one Service. @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor */
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
          { port: 'http', path, interval: wholeSeconds('interval', interval), scrapeTimeout: timeoutWithin(interval) },
        ],
      },
    });
  }
}

/** Less than the interval, so that one scrape is over before the next. */
function timeoutWithin(interval: Duration): string {
  return `${Math.max(1, Math.min(interval.toSeconds() - 1, longestTimeout))}s`;
}
