import fc from 'fast-check';
import { jsonSchemas } from '../../lib/catalog';

/** A path into a file of the catalog, and a value for the field there. */
export interface FieldValue {
  readonly path: readonly (string | number)[];
  readonly value: unknown;
}

interface JsonSchema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly propertyNames?: JsonSchema;
  readonly additionalProperties?: JsonSchema | false;
}

const durations = ['1s', '5s', '10s', '15s', '45s', '90s', '2m', '5m', '30m', '1h', '500ms', '1500ms', '10500ms', '5d'];
const memory = ['100Ki', '64Mi', '128Mi', '2Gi'];
const urls = [
  ...[
    'http://prometheus.monitoring:9090',
    'https://prometheus.example.com',
    'http://a',
    'http://:80',
    'http://a:99999',
  ],
  ...['http://10.0.0.9:9090', 'http://127.0.0.1:9090', 'http://a.b.svc.cluster.local./x', 'http://', 'http://a..b'],
];

/** Texts for fields whose format a JSON Schema does not express. Many are at a border, and some are beyond it. */
const textsByField: Readonly<Record<string, readonly string[]>> = {
  budget: durations,
  interval: durations,
  window: durations,
  scrape: durations,
  progressDeadline: durations,
  drain: durations,
  gracePeriod: durations,
  p99: durations,
  errorRate: ['0.5%', '1%', '2%', '50%'],
  availability: ['99%', '99.9%', '99.999%'],
  memory,
  tmpSize: memory,
  cpu: ['250m', '1.5', '0.001'],
  cidr: ['10.0.0.0/8', '169.254.20.10/32', 'fd00::/8', '10.0.0.0'],
  prometheus: urls,
  loadTester: urls,
  agent: urls,
  tracing: urls,
  dashboards: urls,
  namespace: ['{service}', '{team}-{environment}', '-{service}', 'apps', '{service}-{service}'],
  key: ['token', 'tls.key', '..data'],
  hostname: ['{service}.example.com', '{service}-.example.com', 'a..{service}'],
};
const otherTexts = ['hello', 'Hello', '', '.', '/', 'a: b', '{{ x }}', '$(A)', '\n'];

/** Texts for a field: mostly such as it takes, and sometimes any. */
function arbitraryText(path: FieldValue['path'], pattern: string | undefined): fc.Arbitrary<string> {
  const known = textsByField[String(path.at(-1))] ?? otherTexts;
  const matching = pattern === undefined ? undefined : arbitraryMatch(pattern);
  return fc.oneof(
    { weight: 6, arbitrary: fc.oneof(fc.constantFrom(...known), ...(matching === undefined ? [] : [matching])) },
    { weight: 1, arbitrary: fc.string() },
  );
}

/** Keys for maps with any keys. */
const keys: Readonly<Record<string, readonly string[]>> = {
  environments: ['dev', 'prod'],
  settings: ['LOG_LEVEL', 'A'],
  secrets: ['TOKEN'],
  files: ['/etc/app/config.yaml', '/etc/app', '/a', '/hello', '/etc/app/..data'],
};

/** Values that the schema of a file allows, or nearly allows, for any one of its fields. */
export function arbitraryField(file: 'service' | 'platform', excluded: readonly string[]): fc.Arbitrary<FieldValue> {
  const fields = listFields(JSON.parse(jsonSchemas()[file] as string) as JsonSchema, []).filter(
    ({ path }) => !excluded.includes(String(path[0])),
  );
  return fc
    .constantFrom(...fields)
    .chain(({ path, schema }) => arbitraryValue(schema, path).map((value) => ({ path, value })));
}

interface Field {
  readonly path: FieldValue['path'];
  readonly schema: JsonSchema;
}

/** The fields of groups, down to those that are no groups. Maps and lists are fields, except for the environments. */
function listFields(schema: JsonSchema, path: FieldValue['path']): readonly Field[] {
  if (schema.properties !== undefined) {
    return Object.entries(schema.properties).flatMap(([name, field]) => listFields(field, [...path, name]));
  }
  if (path.length === 1 && path[0] === 'environments') {
    return schema.items === undefined
      ? listFields(schema.additionalProperties as JsonSchema, [...path, 'prod'])
      : listFields(schema.items, [...path, 1]);
  }
  return [{ path, schema }];
}

function arbitraryValue(schema: JsonSchema, path: FieldValue['path']): fc.Arbitrary<unknown> {
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    return fc.oneof(...options.map((option) => arbitraryValue(option, path)));
  }
  if (schema.const !== undefined || schema.enum !== undefined) {
    return fc.constantFrom(...(schema.enum ?? [schema.const]));
  }
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return arbitraryNumber(schema);
    case 'array':
      return fc.array(arbitraryValue(schema.items ?? {}, path), { minLength: 1, maxLength: 3 });
    case 'object':
      return schema.properties === undefined ? arbitraryMap(schema, path) : arbitraryGroup(schema, path);
    default:
      return arbitraryText(path, schema.pattern);
  }
}

/** Numbers at and inside the bounds. */
function arbitraryNumber({ type, minimum = 1, maximum = 1000 }: JsonSchema): fc.Arbitrary<number> {
  const [min, max] = [Math.max(minimum, -1000), Math.min(maximum, 100_000)];
  const inside = fc.integer({ min: Math.ceil(min), max: Math.max(Math.ceil(min), Math.floor(max)) });
  return type === 'integer'
    ? fc.oneof(fc.constantFrom(min, max), inside)
    : fc.oneof(fc.constantFrom(0.1, 99.5), inside);
}

function arbitraryMap({ additionalProperties }: JsonSchema, path: FieldValue['path']): fc.Arbitrary<unknown> {
  const names = keys[String(path.at(-1))] ?? ['release', 'team.example/x'];
  return fc.dictionary(fc.constantFrom(...names), arbitraryValue(additionalProperties || {}, path), { maxKeys: 3 });
}

function arbitraryGroup(
  { properties = {}, required = [] }: JsonSchema,
  path: FieldValue['path'],
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([name, field]) => [name, arbitraryValue(field, [...path, name])]);
  return fc.record(Object.fromEntries(fields) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [...required],
  });
}

/** Texts that match a pattern, if fast-check can generate them: it cannot for patterns with assertions. */
function arbitraryMatch(pattern: string): fc.Arbitrary<string> | undefined {
  try {
    return fc.stringMatching(new RegExp(pattern), { maxLength: 30 });
  } catch {
    return undefined;
  }
}
