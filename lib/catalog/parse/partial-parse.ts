import type { z } from 'zod';
import { unwrapSchema } from '../schema/schema-keys';

/** A value that contains only its valid fields. In a list, `undefined` takes the place of an invalid entry, so that indexes stay the same. */
export type PartiallyParsed<T> = T extends readonly (infer Entry)[]
  ? readonly (PartiallyParsed<Entry> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: PartiallyParsed<T[Key]> }
    : T;

/** Parses each field on its own, so that an invalid field does not hide the valid ones. Defaults apply. */
export function parsePartially<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): PartiallyParsed<z.output<Schema>> | undefined {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data as PartiallyParsed<z.output<Schema>>;
  }
  return parseParts(unwrapSchema(schema), value) as PartiallyParsed<z.output<Schema>> | undefined;
}

function parseParts(schema: z.ZodType, value: unknown): unknown {
  if (value === null || typeof value !== 'object') {
    return undefined;
  }
  switch (schema.def.type) {
    case 'object': {
      const fields = Object.entries((schema as z.ZodObject).shape);
      return isArray(value)
        ? undefined
        : Object.fromEntries(
            fields
              .map(([key, field]) => [key, parsePartially(field as z.ZodType, ownProperty(value, key))] as const)
              .filter(([, field]) => field !== undefined),
          );
    }
    case 'record': {
      const { keyType, valueType } = schema as z.ZodRecord;
      const isValidKey = (key: string) => (keyType as z.ZodType).safeParse(key).success;
      // Keep a valid key even if its value is invalid.
      return isArray(value)
        ? undefined
        : Object.fromEntries(
            Object.entries(value)
              .filter(([key]) => isValidKey(key))
              .map(([key, entry]) => [key, parsePartially(valueType as z.ZodType, entry)]),
          );
    }
    case 'array':
      return isArray(value)
        ? value.map((entry) => parsePartially((schema as z.ZodArray).element as z.ZodType, entry))
        : undefined;
    case 'union':
      // The user may have meant any option: merge what each of them can parse.
      return isArray(value)
        ? undefined
        : Object.assign(
            {},
            ...(schema as z.ZodUnion).options.map((option) => parsePartially(option as z.ZodType, value)),
          );
    default:
      return undefined;
  }
}

function isArray(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}

function ownProperty(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
