import type { EnvironmentFile } from '../../../lib/ledger';

/**
 * Data sources of Grafana with links between metrics, logs and traces: from an exemplar on a latency panel to its trace, from a trace to the
 * log lines of the request, and from a log line to its trace. Dashboards refer to the data sources by their names.
 */
export function grafanaDatasources({ prometheus, addOns }: EnvironmentFile): object {
  const has = (addOn: 'loki' | 'jaeger') => addOns.includes(addOn);
  return {
    apiVersion: 1,
    datasources: [
      {
        name: 'prometheus',
        uid: 'prometheus',
        type: 'prometheus',
        url: prometheus,
        isDefault: true,
        jsonData: {
          timeInterval: '5s',
          ...(has('jaeger') ? { exemplarTraceIdDestinations: [{ name: 'trace_id', datasourceUid: 'jaeger' }] } : {}),
        },
      },
      ...(has('loki')
        ? [
            {
              name: 'loki',
              uid: 'loki',
              type: 'loki',
              url: 'http://loki-gateway.logging',
              jsonData: has('jaeger')
                ? {
                    derivedFields: [
                      {
                        name: 'trace',
                        matcherRegex: '"trace_id":"([0-9a-f]{32})"',
                        datasourceUid: 'jaeger',
                        url: '$${__value.raw}',
                      },
                    ],
                  }
                : {},
            },
          ]
        : []),
      ...(has('jaeger')
        ? [
            {
              name: 'jaeger',
              uid: 'jaeger',
              type: 'jaeger',
              url: 'http://jaeger-query.tracing:16686',
              jsonData: has('loki')
                ? {
                    tracesToLogsV2: {
                      datasourceUid: 'loki',
                      spanStartTimeShift: '-1m',
                      spanEndTimeShift: '1m',
                      filterByTraceID: true,
                      tags: [{ key: 'service.name', value: 'k8s_container_name' }],
                    },
                  }
                : {},
            },
          ]
        : []),
    ],
  };
}
