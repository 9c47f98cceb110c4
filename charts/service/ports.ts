import type { ServiceInEnvironment } from '../../lib/catalog';
import type { ContainerPort } from '../kubernetes/hardened/container';

type PortFields = Pick<ServiceInEnvironment, 'port' | 'ports' | 'probes' | 'metrics'>;

/** The names that Bowline gives to ports which the catalog does not name. */
const requestPort = 'http';
const metricsPort = 'metrics';
const probePort = 'probes';

/** The ports of the container: that of the requests first, then those of metrics and probes if they have one of their own. */
export function containerPorts(service: PortFields): readonly ContainerPort[] {
  const ports = [{ name: requestPort, port: service.port }, ...(service.ports ?? [])];
  const add = (name: string, port: number | undefined) => {
    if (port !== undefined && ports.every((other) => other.port !== port)) {
      ports.push({ name, port });
    }
  };
  add(metricsPort, service.metrics.port);
  add(probePort, service.probes.port);
  return ports;
}

/** The name of the port that the kubelet probes. */
export function probePortName(service: PortFields): string {
  return portName(service, service.probes.port ?? service.port);
}

/** The name of the port with the metrics, in the pods and in the Services that Flagger creates. */
export function metricsPortName(service: PortFields): string {
  return portName(service, service.metrics.port);
}

function portName(service: PortFields, number: number): string {
  return containerPorts(service).find(({ port }) => port === number)?.name ?? requestPort;
}
