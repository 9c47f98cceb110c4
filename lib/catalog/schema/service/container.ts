import { z } from 'zod';
import { memoryField, portField, settingField, wholeSecondsBetween } from '../fields';

/** Arguments of the program, which the image starts without a shell. */
export const argumentsSchema = z
  .array(settingField)
  .max(200, 'at most 200 arguments')
  .default([])
  .describe(
    'Arguments of the program, such as [serve, --verbose]. They reach the program exactly as they are written, without a shell.',
  );

/** Ports beyond the one that requests arrive at. */
export const portsSchema = z
  .array(
    z.strictObject({
      name: z
        .string()
        // IANA_SVC_NAME, which Kubernetes requires for the name of a port (RFC 6335 section 5.1).
        .max(15, 'a name of at most 15 characters')
        .regex(
          /^(?=[a-z0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*$/,
          'a lowercase name with at least one letter, and without "--" or "-" at an end, such as grpc',
        )
        .describe('The name of the port, for people and for the Services.'),
      port: portField.describe('The port number.'),
    }),
  )
  .max(20, 'at most 20 ports')
  .default([])
  .describe(
    'Further ports, such as [{ name: grpc, port: 9090 }]. The Services of canary and primary have them too, and the services in network.from may connect to them. The Gateway routes only to `port`.',
  );

export const protocolField = z
  .enum(['http', 'h2c'], { error: '"http", or "h2c" for HTTP/2 without TLS, which gRPC needs' })
  .default('http')
  .describe(
    'How the Gateway speaks to `port`: HTTP/1.1, or HTTP/2 without TLS (h2c), which a gRPC server needs. Prometheus and the probes use HTTP/1.1 on any port.',
  );

export const tmpSizeField = memoryField
  .default('64Mi')
  .describe(
    'The maximum size of /tmp, the only folder that the service can write to. Kubernetes evicts a pod above it.',
  );

/** How a pod ends. */
export const shutdownSchema = z
  .strictObject({
    drain: wholeSecondsBetween('1s', '10m')
      .default('5s')
      .describe(
        'How long a terminating pod keeps serving, until every proxy has stopped sending requests to it. Then it receives SIGTERM.',
      ),
    gracePeriod: wholeSecondsBetween('2s', '1h')
      .default('30s')
      .describe('How long a terminating pod may take in total, including drain. Then Kubernetes kills it.'),
  })
  .prefault({});
