import type { ErrorObject } from 'ajv';
import { nearMiss } from '../../../lib/catalog/parse/near-miss';
import type { Path } from '../manifests/objects';

/** What does not match the schema of an object's kind. */
export interface Violation {
  readonly path: Path;
  /** What was found, what was expected, and the remedy. */
  readonly message: string;
}

interface SchemaPart {
  readonly properties?: object;
  readonly required?: readonly string[];
}

/**
 * Describes an error of ajv by its place, what was found and what was expected.
 * @param source the project and version whose schema it is
 */
export function describeViolation(error: ErrorObject, source: string): Violation {
  const path = pathOf(error.instancePath);
  const { params, keyword } = error;
  const schema = (error.parentSchema ?? {}) as SchemaPart;
  switch (keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const fields = Object.keys(schema.properties ?? {});
      return { path: [...path, name], message: unknownField(name, fields, source) };
    }
    case 'required':
      return {
        path: [...path, String(params.missingProperty)],
        message: `${String(params.missingProperty)} is missing, and ${source} requires it`,
      };
    case 'type':
      return { path, message: `expected ${typeNames(params.type)}, found ${describeValue(error.data)}` };
    case 'enum': {
      const allowed = (params.allowedValues as readonly unknown[]).map(String).filter((value) => value !== '');
      const similar = nearMiss(String(error.data), allowed);
      const hint = similar === undefined ? '' : `: did you mean ${similar}?`;
      return { path, message: `expected one of ${allowed.join(', ')}, found ${describeValue(error.data)}${hint}` };
    }
    case 'pattern':
      return { path, message: `expected a text like ${String(params.pattern)}, found ${describeValue(error.data)}` };
    case 'minimum':
    case 'maximum':
      return {
        path,
        message: `expected a number ${String(params.comparison)} ${String(params.limit)}, found ${describeValue(error.data)}`,
      };
    case 'oneOf':
    case 'anyOf': {
      const count = keyword === 'oneOf' ? 'exactly one' : 'at least one';
      return { path, message: `${source} expects ${count} of: ${alternatives(error.schema)}` };
    }
    default:
      return { path, message: `${error.message ?? keyword}, found ${describeValue(error.data)}` };
  }
}

function unknownField(name: string, fields: readonly string[], source: string): string {
  const similar = nearMiss(name, fields);
  const remedy = similar === undefined ? 'remove it' : `did you mean ${similar}?`;
  return `${source} has no field ${name} here, so the API server rejects or drops it and the default applies: ${remedy}`;
}

/** The path of a JSON pointer. */
function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function typeNames(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    string: 'a text',
    integer: 'a whole number',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
  };
  const types = (Array.isArray(type) ? type : [type]).map(String);
  return types.map((each) => names[each] ?? each).join(' or ');
}

function describeValue(value: unknown): string {
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (value !== null && typeof value === 'object') {
    return 'a map';
  }
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

function alternatives(schema: unknown): string {
  const parts = (Array.isArray(schema) ? schema : []) as readonly SchemaPart[];
  const named = parts.flatMap(({ required }) => (required === undefined ? [] : [required.join(' and ')]));
  return named.length === 0 ? 'its allowed forms' : named.join(', or ');
}
