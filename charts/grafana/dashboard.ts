/** A panel over time, with one line for each query. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  readonly unit: 'percentunit' | 's' | 'reqps' | 'short' | 'percent';
  readonly queries: readonly { readonly legend: string; readonly expr: string; readonly exemplars?: boolean }[];
  /** A horizontal line that should not be crossed. */
  readonly limit?: number;
}

export interface Dashboard {
  /** Stable, so that links hold. */
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

const panelsAcross = 2;
const panelSize = { w: 12, h: 8 };

/** The JSON that Grafana reads (schema version 39, Grafana 10 and later), with Prometheus as a variable. */
export function dashboardJson({ uid, title, tags, panels, links }: Dashboard): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's own placeholder
  const datasource = { type: 'prometheus', uid: '${datasource}' };
  return `${JSON.stringify(
    {
      uid,
      title,
      tags,
      schemaVersion: 39,
      timezone: 'browser',
      refresh: '5s',
      time: { from: 'now-30m', to: 'now' },
      links: links.map((link) => ({ ...link, type: 'link', targetBlank: true })),
      templating: { list: [{ name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' }] },
      annotations: { list: [] },
      panels: panels.map((panel, index) => ({
        id: index + 1,
        type: 'timeseries',
        title: panel.title,
        description: panel.description,
        datasource,
        gridPos: {
          ...panelSize,
          x: (index % panelsAcross) * panelSize.w,
          y: Math.floor(index / panelsAcross) * panelSize.h,
        },
        fieldConfig: {
          defaults: {
            unit: panel.unit,
            min: 0,
            custom: {
              lineWidth: 2,
              fillOpacity: 8,
              ...(panel.limit === undefined ? {} : { thresholdsStyle: { mode: 'line' } }),
            },
            ...(panel.limit === undefined
              ? {}
              : {
                  thresholds: {
                    mode: 'absolute',
                    steps: [
                      { color: 'green', value: null },
                      { color: 'red', value: panel.limit },
                    ],
                  },
                }),
          },
          overrides: [],
        },
        options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
        targets: panel.queries.map((query, position) => ({
          refId: String.fromCharCode(65 + position),
          datasource,
          expr: query.expr,
          legendFormat: query.legend,
          exemplar: query.exemplars ?? false,
        })),
      })),
    },
    undefined,
    2,
  )}\n`;
}
