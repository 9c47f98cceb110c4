import { z } from 'zod';
import { addressRangeField, nameField } from '../fields';

/** The connections that a service makes and receives. */
export const networkSchema = z
  .strictObject({
    from: z
      .array(nameField)
      .default([])
      .describe('Services that call this service. The gateway and Prometheus are always allowed.'),
    to: z
      .array(
        z.union(
          [
            z.strictObject({ service: nameField.describe('The name of a service in the catalog.') }),
            z.strictObject({
              cidr: addressRangeField.describe(
                'An IPv4 or IPv6 range. The metadata services of machines and other link-local addresses are left out of it.',
              ),
              port: z.int().min(1).max(65535).describe('The TCP port.'),
            }),
          ],
          { error: 'a service, or an address range with a port: { cidr: 10.20.0.0/16, port: 5432 }' },
        ),
      )
      .default([])
      .describe('Services and address ranges that this service calls. DNS and traces are always allowed.'),
  })
  .prefault({})
  .describe('Allowed connections. All other traffic is denied.');
