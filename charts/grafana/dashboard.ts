/** A query of a panel. */
export interface PanelQuery {
  /** Name of the line in the legend. */
  readonly legend: string;
  /** PromQL expression. */
  readonly expr: string;
  /** Whether to show exemplars, which link to traces. @default false */
  readonly exemplars?: boolean;
}

/** A time series panel with one line per query. */
export interface Panel {
  readonly title: string;
  readonly description: string;
  /** Unit of the values, by Grafana's name for it. */
  readonly unit: 'percentunit' | 's' | 'reqps' | 'short' | 'percent';
  readonly queries: readonly PanelQuery[];
  /** Value of a horizontal line that the queries should stay below. @default no line */
  readonly limit?: number;
}

/** A Grafana dashboard. */
export interface Dashboard {
  /** Unique id. It is part of the URL, so links break if it changes. */
  readonly uid: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly panels: readonly Panel[];
  /** Links at the top of the dashboard. */
  readonly links: readonly { readonly title: string; readonly url: string }[];
}

const panelsAcross = 2;
const panelSize = { w: 12, h: 8 };

/** The JSON of a dashboard (schema version 39, Grafana 10 and later), with the Prometheus data source as a variable. */
export function dashboardJson({ uid, title, tags, panels, links }: Dashboard): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana
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
