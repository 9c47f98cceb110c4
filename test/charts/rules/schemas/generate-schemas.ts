import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import type { SchemaFile } from '../../../../charts/rules/schemas/schema-file';
import { downloadModule, requiredVersion } from '../../../../lab/go-modules';

interface Schema {
  readonly [key: string]: unknown;
}

/** A project whose kinds have a schema. Its definitions come from its Go module at the version that tools/go/manifest-schemas pins. */
export interface Project {
  /** The name of its file in charts/rules/schemas. */
  readonly file: string;
  readonly name: string;
  readonly module: string;
  readonly definitions: readonly string[];
  /** For Kubernetes: the kinds to take from an OpenAPI file. */
  readonly kinds?: readonly string[];
}

export const projects: readonly Project[] = [
  {
    file: 'flagger.json',
    name: 'Flagger',
    module: 'github.com/fluxcd/flagger',
    definitions: ['artifacts/flagger/crd.yaml'],
  },
  {
    file: 'argocd.json',
    name: 'Argo CD',
    module: 'github.com/argoproj/argo-cd/v3',
    definitions: ['application', 'appproject', 'applicationset'].map((kind) => `manifests/crds/${kind}-crd.yaml`),
  },
  {
    file: 'prometheus-operator.json',
    name: 'Prometheus Operator',
    module: 'github.com/prometheus-operator/prometheus-operator',
    definitions: ['servicemonitors', 'podmonitors', 'probes', 'prometheusrules', 'alertmanagerconfigs'].map(
      (kind) => `example/prometheus-operator-crd/monitoring.coreos.com_${kind}.yaml`,
    ),
  },
  {
    // The experimental channel has the fields of the standard channel, and more.
    file: 'gateway-api.json',
    name: 'Gateway API',
    module: 'sigs.k8s.io/gateway-api',
    definitions: ['httproutes', 'grpcroutes', 'referencegrants'].map(
      (kind) => `config/crd/experimental/gateway.networking.k8s.io_${kind}.yaml`,
    ),
  },
  {
    file: 'kubernetes.json',
    name: 'Kubernetes',
    module: 'k8s.io/kubernetes',
    definitions: [
      'api__v1',
      'apis__apps__v1',
      'apis__autoscaling__v1',
      'apis__autoscaling__v2',
      'apis__networking.k8s.io__v1',
      'apis__policy__v1',
    ].map((group) => `api/openapi-spec/v3/${group}_openapi.json`),
    // The kinds that rules read beside a Canary.
    kinds: ['DaemonSet', 'Deployment', 'HorizontalPodAutoscaler', 'Ingress', 'PodDisruptionBudget', 'Service'],
  },
];

/** Reads the definitions of a project from the Go module cache, and keeps what validates a manifest: no texts, no defaults, no status. */
export async function generateSchemas(project: Project): Promise<SchemaFile> {
  const sources = await downloadModule('manifest-schemas', project.module);
  const texts = project.definitions.map((file) => readFileSync(join(sources, file), 'utf8'));
  const found =
    project.kinds === undefined
      ? texts.flatMap(readDefinitions)
      : texts.flatMap((text) => readOpenApi(text, project.kinds ?? []));
  const schemas = found
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, schema]) => [kind, shareParts(schema)] as const);
  return {
    source: {
      project: project.name,
      version: requiredVersion('manifest-schemas', project.module),
      repository: project.module.replace(/\/v\d+$/, ''),
      sum: sumOf(project.module),
      license: 'Apache-2.0',
      files: project.definitions,
    },
    schemas: Object.fromEntries(schemas),
  };
}

/** The hash of a module's content in go.sum. */
function sumOf(module: string): string {
  const lines = readFileSync(join(__dirname, '../../../../tools/go/manifest-schemas/go.sum'), 'utf8').split('\n');
  const version = requiredVersion('manifest-schemas', module);
  return lines.find((line) => line.startsWith(`${module} ${version} `))?.split(' ')[2] ?? '';
}

/** One line per kind, so that a difference names the kind. */
export function renderSchemaFile({ source, schemas }: SchemaFile): string {
  const kinds = Object.entries(schemas).map(
    ([kind, schema]) => `    ${JSON.stringify(kind)}: ${JSON.stringify(schema)}`,
  );
  return `{\n  "source": ${JSON.stringify(source)},\n  "schemas": {\n${kinds.join(',\n')}\n  }\n}\n`;
}

/** The served versions of the CustomResourceDefinitions in a file. */
function readDefinitions(text: string): readonly (readonly [string, Schema])[] {
  return parseAllDocuments(text).flatMap((document) => {
    const definition = document.toJS() as {
      readonly spec: {
        readonly group: string;
        readonly names: { readonly kind: string };
        readonly versions: readonly {
          readonly name: string;
          readonly served: boolean;
          readonly schema: { readonly openAPIV3Schema: Schema };
        }[];
      };
    } | null;
    return (definition?.spec.versions ?? [])
      .filter(({ served }) => served)
      .map(({ name, schema }) => {
        const { group, names } = (definition as NonNullable<typeof definition>).spec;
        return [`${group}/${name} ${names.kind}`, rootSchema(reduceSchema(schema.openAPIV3Schema))] as const;
      });
  });
}

/** Kinds of an OpenAPI file of Kubernetes, each with the parts that it refers to. */
function readOpenApi(text: string, kinds: readonly string[]): readonly (readonly [string, Schema])[] {
  const all = (JSON.parse(text) as { components: { schemas: Record<string, Schema> } }).components.schemas;
  return Object.values(all).flatMap((schema) => {
    const [kind] = (schema['x-kubernetes-group-version-kind'] ?? []) as {
      readonly group: string;
      readonly version: string;
      readonly kind: string;
    }[];
    if (kind === undefined || !kinds.includes(kind.kind)) {
      return [];
    }
    const $defs: Record<string, Schema> = {};
    const collect = (part: Schema) => {
      for (const [, name = ''] of JSON.stringify(part).matchAll(/"#\/\$defs\/([^"]+)"/g)) {
        if ($defs[name] === undefined) {
          const inner = reduceSchema(all[name] ?? {});
          $defs[name] = inner;
          collect(inner);
        }
      }
    };
    const root = rootSchema(reduceSchema(schema));
    collect(root);
    const apiVersion = [kind.group, kind.version].filter((part) => part !== '').join('/');
    return [[`${apiVersion} ${kind.kind}`, { ...root, $defs }] as const];
  });
}

/** `status` is written by controllers, and `metadata` has its own schema for all kinds. */
function rootSchema(schema: Schema): Schema {
  const { metadata: _, status, ...properties } = schema.properties as Record<string, Schema>;
  return { ...schema, properties: { ...properties, metadata: {}, ...(status === undefined ? {} : { status: {} }) } };
}

const validatingKeywords = [
  'type',
  'required',
  'enum',
  'minimum',
  'maximum',
  'minLength',
  'maxLength',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'pattern',
  'nullable',
];

/** Rejects unknown fields, replaces types that only Kubernetes knows, and drops what validates nothing. */
function reduceSchema(schema: Schema): Schema {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    return { type: ['integer', 'string'] };
  }
  // Kubernetes declares quantities as text and accepts numbers.
  if (typeof schema.description === 'string' && schema.description.startsWith('Quantity is a fixed-point')) {
    return { type: ['number', 'string'] };
  }
  const reduced: Record<string, unknown> = {};
  for (const keyword of validatingKeywords.filter((each) => schema[each] !== undefined)) {
    reduced[keyword] = schema[keyword];
  }
  if (typeof schema.$ref === 'string') {
    reduced.$ref = schema.$ref.replace('#/components/schemas/', '#/$defs/');
  }
  if (schema.properties !== undefined) {
    reduced.properties = Object.fromEntries(
      Object.entries(schema.properties as Record<string, Schema>).map(([name, part]) => [name, reduceSchema(part)]),
    );
  }
  if (schema.items !== undefined) {
    reduced.items = reduceSchema(schema.items as Schema);
  }
  if (typeof schema.additionalProperties === 'object') {
    reduced.additionalProperties = reduceSchema(schema.additionalProperties as Schema);
  } else if (
    schema.properties !== undefined &&
    schema['x-kubernetes-preserve-unknown-fields'] !== true &&
    schema.additionalProperties === undefined
  ) {
    reduced.additionalProperties = false;
  }
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const parts = schema[keyword] as readonly Schema[] | undefined;
    if (parts !== undefined) {
      reduced[keyword] = parts.map(reduceCondition);
    }
  }
  if (schema.not !== undefined) {
    reduced.not = reduceCondition(schema.not as Schema);
  }
  return reduced;
}

/** The parts of a condition are partial schemas, which allow other fields. */
function reduceCondition(schema: Schema): Schema {
  return JSON.parse(
    JSON.stringify(reduceSchema(schema), (key, value) =>
      key === 'additionalProperties' && value === false ? undefined : value,
    ),
  ) as Schema;
}

/** Below this length, a reference is not shorter than what it refers to. */
const shortestSharedPart = 160;

/** Puts parts that occur more than once into `$defs`. The generators of an ApplicationSet repeat the template of an Application 28 times. */
function shareParts(schema: Schema): Schema {
  const counts = new Map<string, number>();
  const count = (value: unknown): void => {
    if (Array.isArray(value)) {
      value.forEach(count);
    } else if (isSchemaPart(value)) {
      const text = JSON.stringify(value);
      const before = counts.get(text) ?? 0;
      counts.set(text, before + 1);
      if (before === 0) {
        Object.values(value).forEach(count);
      }
    }
  };
  count(schema);
  const $defs: Record<string, unknown> = {};
  const share = (value: unknown, key: string | undefined): unknown => {
    if (Array.isArray(value)) {
      return value.map((each) => share(each, undefined));
    }
    if (!isSchemaPart(value)) {
      return value;
    }
    const text = JSON.stringify(value);
    const inner = () => Object.fromEntries(Object.entries(value).map(([name, each]) => [name, share(each, name)]));
    const isSchema = key !== 'properties' && key !== '$defs';
    if (!isSchema || text.length < shortestSharedPart || (counts.get(text) ?? 0) < 2) {
      return inner();
    }
    const name = createHash('sha256').update(text).digest('hex').slice(0, 8);
    $defs[name] ??= inner();
    return { $ref: `#/$defs/${name}` };
  };
  const shared = share(schema, '$root') as Schema;
  const own = (shared.$defs ?? {}) as Record<string, unknown>;
  const all = { ...own, ...$defs };
  return Object.keys(all).length === 0 ? shared : { ...shared, $defs: all };
}

function isSchemaPart(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
