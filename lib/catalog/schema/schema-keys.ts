import type { z } from 'zod';
import type { Path } from '../parse/field-path';

/**
 * The keys that a schema knows at a path, seen through defaults, optionals, lists and records.
 * @param unknown a key that is not one of them: it tells which of several choices is meant
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
      const choices = (inner as z.ZodUnion).options.map((option) => schemaKeysAt(option as z.ZodType, path, unknown));
      return [...new Set(choices.filter((keys) => !keys.includes(unknown)).flat())];
    }
    default:
      return [];
  }
}

/** What is inside of defaults and optionals. */
export function unwrapSchema(schema: z.ZodType): z.ZodType {
  const def = schema.def as { readonly innerType?: z.ZodType };
  return def.innerType === undefined ? schema : unwrapSchema(def.innerType);
}
