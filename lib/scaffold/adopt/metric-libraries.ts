import type { MetricsPresetName } from '../../catalog';

/** A library that counts requests under names of its own. */
export interface MetricLibrary {
  /** The import that shows that a service uses it. */
  readonly path: RegExp;
  /** Another import that it needs, to export its metrics to Prometheus. */
  readonly with?: RegExp;
  readonly preset: MetricsPresetName;
}

/** Libraries whose names a preset of the catalog has. */
export const metricLibraries: readonly MetricLibrary[] = [
  { path: /^github\.com\/slok\/go-http-metrics\/metrics\/prometheus$/, preset: 'go-http-metrics' },
  { path: /^github\.com\/labstack\/echo-contrib\/(?:v[0-9]+\/)?(?:echo)?prometheus$/, preset: 'echo' },
  { path: /^github\.com\/(?:zsais|mcuadros|chenjiandongx)\/(?:go-gin-prometheus|ginprom)$/, preset: 'gin' },
  { path: /^github\.com\/penglongli\/gin-metrics\/ginmetrics$/, preset: 'gin-metrics' },
  { path: /^github\.com\/go-chi\/metrics$/, preset: 'chi' },
  { path: /^github\.com\/ansrivas\/fiberprometheus(?:\/v[0-9]+)?$/, preset: 'fiber' },
  {
    path: /^go\.opentelemetry\.io\/contrib\/instrumentation\/(?:net\/http\/otelhttp|github\.com\/(?:gin-gonic\/gin\/otelgin|labstack\/echo\/otelecho|gorilla\/mux\/otelmux))$/,
    with: /^go\.opentelemetry\.io\/otel\/exporters\/prometheus$/,
    preset: 'opentelemetry',
  },
  {
    path: /^github\.com\/grpc-ecosystem\/(?:go-grpc-middleware\/providers\/prometheus|go-grpc-prometheus)$/,
    preset: 'grpc',
  },
];
