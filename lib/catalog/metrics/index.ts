export { describeFailures, describeHistogram } from './describe';
export { type Outcomes, outcomes, type StatusKind } from './outcomes';
export { type MetricsPreset, type MetricsPresetName, metricsPresetNames, metricsPresets } from './presets';
export { type MetricNames, resolveMetrics, type ServiceMetrics, unitOfName } from './resolve';
