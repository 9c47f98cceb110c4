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
  /** Name of the port of the Service with the metrics. */
  readonly port: string;
  /** HTTP path of the metrics, for example `/metrics`. */
  readonly path: string;
  /** Time between two scrapes, in whole seconds. */
  readonly interval: Duration;
  /** The form in which Prometheus asks for the metrics, and stores them. */
  readonly form: ExpositionForm;
}

/** Which kind of histogram Prometheus stores of a metric that a service exports in both. */
export type ExpositionForm = 'classic-histograms' | 'native-histograms';

/**
 * The forms in which Prometheus asks for metrics. Without them, what it stores depends on its version and on its flags:
 * - Prometheus 3 asks for OpenMetrics 1.0 and for names in UTF-8 (scrape/scrape.go, acceptHeader), so that an OpenTelemetry exporter answers with
 *   `http.server.request.duration_seconds`. In protobuf and in text 0.0.4 it cannot ask for UTF-8, and every library answers with `_` instead:
 *   the names that a person sees with curl.
 * - OpenMetrics appends `_total` to the name of a counter that lacks it. Protobuf and text 0.0.4 do not.
 * - Where Prometheus scrapes native histograms, it drops the buckets of a histogram that has both forms, unless its configuration keeps them.
 * Protobuf also carries exemplars. Libraries that do not know it answer in text.
 */
const forms = {
  'classic-histograms': {
    scrapeProtocols: ['PrometheusProto', 'PrometheusText0.0.4'],
    fallbackScrapeProtocol: 'PrometheusText0.0.4',
    scrapeClassicHistograms: true,
  },
  // Only protobuf contains native histograms. Whether Prometheus stores them is a setting of Prometheus, not of the monitor.
  'native-histograms': {
    scrapeProtocols: ['PrometheusProto'],
    scrapeClassicHistograms: false,
  },
} as const satisfies Readonly<Record<ExpositionForm, object>>;

/** Upper limit of the scrape timeout, however long the interval. */
const maxTimeoutSeconds = 10;

/**
 * A ServiceMonitor that scrapes the pods behind one Service.
 * @see https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor
 */
export class ServiceMonitor extends ApiObject {
  constructor(scope: Construct, id: string, { metadata, app, port, path, interval, form }: ServiceMonitorProps) {
    super(scope, id, {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'ServiceMonitor',
      metadata,
      spec: {
        selector: { matchLabels: { app } },
        namespaceSelector: { matchNames: [metadata.namespace] },
        ...forms[form],
        endpoints: [
          {
            port,
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
