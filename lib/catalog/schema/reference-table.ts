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

/** The fields of a catalog file as a Markdown table: path, what it takes, default, meaning. Generated from the schema. */
export function renderFieldsTable(kind: 'platform' | 'service' | 'accepted-risks'): string {
  const rows = fieldsOf(JSON.parse(jsonSchemas()[kind] as string) as Schema, '', true);
  return ['| Field | Takes | Default | What it is |', '|---|---|---|---|', ...rows, ''].join('\n');
}

function fieldsOf(schema: Schema, prefix: string, required: boolean): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = `${prefix}${name}`;
    const mustHave = required && (schema.required ?? []).includes(name) && field.default === undefined;
    const inner = insideOf(field);
    const nested = inner === undefined ? [] : fieldsOf(inner.schema, `${path}${inner.mark}.`, mustHave);
    // A group speaks through its fields, unless it has something to say itself.
    return nested.length > 0 && field.description === undefined ? nested : [row(path, field, mustHave), ...nested];
  });
}

function insideOf(field: Schema): { readonly schema: Schema; readonly mark: string } | undefined {
  if (field.properties) {
    return { schema: field, mark: '' };
  }
  if (field.items?.properties) {
    return { schema: field.items, mark: '[]' };
  }
  return typeof field.additionalProperties === 'object' && field.additionalProperties.properties
    ? { schema: field.additionalProperties, mark: '.<name>' }
    : undefined;
}

function row(path: string, field: Schema, mustHave: boolean): string {
  const standard = mustHave ? 'required' : field.default === undefined ? '' : code(JSON.stringify(field.default));
  const cells = [code(path), takes(field), isGroup(field) ? '' : standard, field.description ?? ''];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function isGroup(field: Schema): boolean {
  return field.properties !== undefined;
}

function takes(field: Schema): string {
  if (field.const !== undefined) {
    return code(JSON.stringify(field.const));
  }
  if (field.enum) {
    return field.enum.map((value) => code(String(value))).join(', ');
  }
  const choices = field.anyOf ?? field.oneOf;
  if (choices) {
    return [...new Set(choices.map(takes))].join(' or ');
  }
  if (field.type === 'array') {
    return `list of ${field.items?.properties ? 'groups' : takes(field.items ?? {})}`;
  }
  return field.type === 'object'
    ? field.properties
      ? 'group'
      : 'names and values'
    : [field.type ?? 'any'].flat().join(' or ');
}

function code(text: string): string {
  return `\`${text}\``;
}
