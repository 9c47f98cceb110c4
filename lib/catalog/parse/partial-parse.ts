import type { z } from 'zod';
import { unwrapSchema } from '../schema/schema-keys';

/** A value of which every field is there that could be read; `undefined` in a list keeps the places of the others. */
export type PartiallyParsed<T> = T extends readonly (infer Entry)[]
  ? readonly (PartiallyParsed<Entry> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: PartiallyParsed<T[Key]> }
    : T;

/** What a schema takes of a value that it does not take as a whole: each field is read on its own, with its default. */
export function parsePartially<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): PartiallyParsed<z.output<Schema>> | undefined {
  const whole = schema.safeParse(value);
  if (whole.success) {
    return whole.data as PartiallyParsed<z.output<Schema>>;
  }
  return partsOf(unwrapSchema(schema), value) as PartiallyParsed<z.output<Schema>> | undefined;
}

function partsOf(schema: z.ZodType, value: unknown): unknown {
  if (value === null || typeof value !== 'object') {
    return undefined;
  }
  switch (schema.def.type) {
    case 'object': {
      const fields = Object.entries((schema as z.ZodObject).shape);
      return isList(value)
        ? undefined
        : Object.fromEntries(
            fields
              .map(([key, field]) => [key, parsePartially(field as z.ZodType, ownOf(value, key))] as const)
              .filter(([, field]) => field !== undefined),
          );
    }
    case 'record': {
      const { keyType, valueType } = schema as z.ZodRecord;
      const isName = (key: string) => (keyType as z.ZodType).safeParse(key).success;
      // A name whose entry can't be read is there still.
      return isList(value)
        ? undefined
        : Object.fromEntries(
            Object.entries(value)
              .filter(([key]) => isName(key))
              .map(([key, entry]) => [key, parsePartially(valueType as z.ZodType, entry)]),
          );
    }
    case 'array':
      return isList(value)
        ? value.map((entry) => parsePartially((schema as z.ZodArray).element as z.ZodType, entry))
        : undefined;
    case 'union':
      // What each of the choices can read of it: together that is what somebody may have meant.
      return isList(value)
        ? undefined
        : Object.assign(
            {},
            ...(schema as z.ZodUnion).options.map((choice) => parsePartially(choice as z.ZodType, value)),
          );
    default:
      return undefined;
  }
}

function isList(value: object): value is readonly unknown[] {
  return Array.isArray(value);
}

function ownOf(value: object, key: string): unknown {
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}
