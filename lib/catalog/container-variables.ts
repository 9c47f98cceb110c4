import { memoryBytes } from '../values';
import type { ServiceInEnvironment } from './service-in-environment';

/** Share of the memory limit at which the Go runtime collects garbage more often (https://pkg.go.dev/runtime#hdr-Environment_Variables). */
const goMemoryShare = 0.9;

/** The environment variables of a service with their values: those that Bowline sets, and the settings of the service. Secrets are not among them. */
export function containerVariables({
  port,
  memory,
  tracing,
  settings,
}: Pick<ServiceInEnvironment, 'port' | 'memory' | 'tracing' | 'settings'>): Readonly<Record<string, string>> {
  return {
    PORT: String(port),
    GOMEMLIMIT: String(Math.floor(memoryBytes(memory) * goMemoryShare)),
    ...(tracing === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: tracing }),
    ...settings,
  };
}
