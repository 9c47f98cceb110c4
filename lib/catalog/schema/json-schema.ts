import { z } from 'zod';
import { acceptedRisksSchema } from './accepted-risks';
import { platformSchema } from './platform';
import { serviceSchema } from './service';

/** The JSON Schemas that editors use, one per kind of file: `schemas/<name>.schema.json`. */
export function jsonSchemas(): Readonly<Record<string, string>> {
  const text = (schema: z.ZodType) =>
    `${JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }), undefined, 2)}\n`;
  return {
    platform: text(platformSchema),
    service: text(serviceSchema),
    'accepted-risks': text(acceptedRisksSchema),
  };
}
