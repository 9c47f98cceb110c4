import { durationSeconds } from '../../../values';
import type { Path } from '../../parse/field-path';
import type { PartiallyParsed } from '../../parse/partial-parse';
import type { Service } from '../../schema/service';
import { findDuplicates } from '../duplicates';
import type { Finding } from '../finding';

type PartialService = PartiallyParsed<Service>;

/** Finds ports that collide, a protocol that generated traffic does not speak, and shutdown times that exclude each other. */
export function validateContainer(service: PartialService): readonly Finding[] {
  return [
    ...findDuplicatePorts(service),
    ...findReservedPortNames(service),
    ...findUngeneratedTraffic(service),
    ...findTooLongDrain(service),
  ];
}

function findDuplicatePorts({ port, ports = [] }: PartialService): readonly Finding[] {
  const names = ports.map((entry) => entry?.name);
  const numbers = [port, ...ports.map((entry) => entry?.port)].map((number) => number?.toString());
  return [
    ...findDuplicates(names).map((index) => ({
      code: 'duplicate-port-name',
      path: ['ports', index, 'name'],
      expected: 'a name that no other port has',
    })),
    ...findDuplicates(numbers).map((index) => ({
      code: 'duplicate-port',
      path: ['ports', index - 1, 'port'],
      expected: numbers[index] === numbers[0] ? 'another number than that of port' : 'a number that no other port has',
      dependsOn: [['port']],
    })),
  ];
}

/** Bowline names the port of the requests, and those of metrics and probes if no entry of `ports` has the same number. */
function findReservedPortNames({ ports = [], metrics, probes }: PartialService): readonly Finding[] {
  const metricsPort = typeof metrics === 'object' ? metrics.port : undefined;
  return ports.flatMap((entry, index): readonly Finding[] => {
    const { name, port } = entry ?? {};
    const at = (expected: string, dependsOn: readonly Path[] = []): readonly Finding[] => [
      { code: 'reserved-port-name', path: ['ports', index, 'name'], expected, dependsOn },
    ];
    if (metricsPort !== undefined && port === metricsPort && name !== undefined && name !== 'metrics') {
      return at('the name metrics, by which the monitors find metrics.port', [['metrics']]);
    }
    switch (name) {
      case 'http':
        return at('another name: http is the name of port');
      case 'metrics':
        return metricsPort === port
          ? []
          : at('another name, or this port in metrics.port too, so that Prometheus scrapes it', [['metrics']]);
      case 'probes':
        return probes?.port === port
          ? []
          : at('another name, or this port in probes.port too, so that Kubernetes probes it', [['probes']]);
      default:
        return [];
    }
  });
}

/** Blue-green checks requests that the load tester of Flagger generates. It sends HTTP/1.1. */
function findUngeneratedTraffic({ protocol, rollback }: PartialService): readonly Finding[] {
  return protocol === 'h2c' && rollback?.plan === 'blue-green'
    ? [
        {
          code: 'traffic-not-generated',
          path: ['protocol'],
          expected: 'http, or another rollback.plan: the requests that blue-green generates are HTTP/1.1',
          dependsOn: [['rollback']],
        },
      ]
    : [];
}

function findTooLongDrain({ shutdown }: PartialService): readonly Finding[] {
  const { drain, gracePeriod } = shutdown ?? {};
  return drain !== undefined && gracePeriod !== undefined && durationSeconds(drain) >= durationSeconds(gracePeriod)
    ? [
        {
          code: 'drain-without-shutdown',
          path: ['shutdown'],
          expected: `a gracePeriod (${gracePeriod}) longer than drain (${drain}): the service receives SIGTERM after drain, and is killed after gracePeriod`,
          dependsOn: [['shutdown']],
        },
      ]
    : [];
}
