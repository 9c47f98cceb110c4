import type { z } from 'zod';
import type { Path } from '../parse/field-path';

/**
 * The keys that a schema accepts at a path. Looks through defaults, optionals, lists and records.
 * @param unknown the unknown key in the file. Options of a union that accept it are left out: the user meant another one.
 */
export function schemaKeysAt(schema: z.ZodType, path: Path, unknown: string): readonly string[] {
  const inner = unwrapSchema(schema);
  const [head, ...rest] = path;
  switch (inner.def.type) {
    case 'object': {
      const { shape } = inner as z.ZodObject;
      if (head === undefined) {
        return Object.keys(shape);
      }
      const next = shape[head as string];
      return next === undefined ? [] : schemaKeysAt(next as z.ZodType, rest, unknown);
    }
    case 'record':
      return head === undefined ? [] : schemaKeysAt((inner as z.ZodRecord).valueType as z.ZodType, rest, unknown);
    case 'array':
      return head === undefined ? [] : schemaKeysAt((inner as z.ZodArray).element as z.ZodType, rest, unknown);
    case 'union': {
      const options = (inner as z.ZodUnion).options.map((option) => schemaKeysAt(option as z.ZodType, path, unknown));
      return [...new Set(options.filter((keys) => !keys.includes(unknown)).flat())];
    }
    default:
      return [];
  }
}

/** Removes defaults and optionals. */
export function unwrapSchema(schema: z.ZodType): z.ZodType {
  const def = schema.def as { readonly innerType?: z.ZodType };
  return def.innerType === undefined ? schema : unwrapSchema(def.innerType);
}
