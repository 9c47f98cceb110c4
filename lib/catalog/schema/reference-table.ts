import { jsonSchemas } from './json-schema';

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

/** Renders the fields of a catalog file as a Markdown table, generated from its schema. */
export function renderFieldsTable(kind: 'platform' | 'service' | 'accepted-risks'): string {
  const rows = renderFields(JSON.parse(jsonSchemas()[kind] as string) as Schema, '', true);
  return ['| Field | Type | Default | Description |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function renderFields(schema: Schema, prefix: string, required: boolean): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const isRequired = required && (schema.required ?? []).includes(name) && field.default === undefined;
    const inner = innerSchema(field);
    const nested = inner === undefined ? [] : renderFields(inner.schema, `${path}${inner.suffix}.`, isRequired);
    // A group without a description of its own is represented by its fields.
    return nested.length > 0 && field.description === undefined
      ? nested
      : [renderRow(path, field, isRequired), ...nested];
  });
}

function innerSchema(field: Schema): { readonly schema: Schema; readonly suffix: string } | undefined {
  if (field.properties) {
    return { schema: field, suffix: '' };
  }
  const group = (field.anyOf ?? []).find(({ properties }) => properties !== undefined);
  if (group !== undefined) {
    return { schema: group, suffix: '' };
  }
  if (field.items?.properties) {
    return { schema: field.items, suffix: '[]' };
  }
  return typeof field.additionalProperties === 'object' && field.additionalProperties.properties
    ? { schema: field.additionalProperties, suffix: '.<name>' }
    : undefined;
}

function renderRow(path: string, field: Schema, isRequired: boolean): string {
  const defaultText = isRequired ? 'required' : field.default === undefined ? '' : code(JSON.stringify(field.default));
  const cells = [code(path), describeType(field), isGroup(field) ? '' : defaultText, field.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function isGroup(field: Schema): boolean {
  return field.properties !== undefined;
}

function describeType(field: Schema): string {
  if (field.const !== undefined) {
    return code(JSON.stringify(field.const));
  }
  if (field.enum) {
    return field.enum.map((value) => code(String(value))).join(', ');
  }
  const options = field.anyOf ?? field.oneOf;
  if (options) {
    return [...new Set(options.map(describeType))].join(' or ');
  }
  if (field.type === 'array') {
    return `list of ${field.items?.properties ? 'groups' : describeType(field.items ?? {})}`;
  }
  return field.type === 'object' ? (field.properties ? 'group' : 'map') : [field.type ?? 'any'].flat().join(' or ');
}

function code(text: string): string {
  return `\`${text}\``;
}
