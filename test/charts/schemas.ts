import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { downloadModule } from '../../lab/go-modules';

interface Schema {
  readonly [key: string]: unknown;
}

/** A validator for each `apiVersion kind`, which rejects unknown fields like a strict API server. */
export type Schemas = ReadonlyMap<string, ValidateFunction>;

/** Custom resource definitions in the Go modules of their projects, at the versions that tools/go pins. */
const definitions: readonly (readonly [module: string, path: string, files: readonly string[]])[] = [
  ['flagger', 'github.com/fluxcd/flagger', ['artifacts/flagger/crd.yaml']],
  [
    'argocd',
    'github.com/argoproj/argo-cd/v3',
    ['manifests/crds/application-crd.yaml', 'manifests/crds/appproject-crd.yaml'],
  ],
  ['contour', 'sigs.k8s.io/gateway-api', ['config/crd/standard/gateway.networking.k8s.io_httproutes.yaml']],
  [
    'resources',
    'github.com/prometheus-operator/prometheus-operator',
    ['servicemonitors', 'prometheusrules'].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  ],
];

/** The files of the OpenAPI specification of Kubernetes with the kinds that are rendered. */
const kubernetesGroups = [
  'api__v1',
  'apis__apps__v1',
  'apis__autoscaling__v2',
  'apis__policy__v1',
  'apis__networking.k8s.io__v1',
  'apis__admissionregistration.k8s.io__v1',
];

/** Go sets the flag for case-insensitive patterns inside the pattern. */
const regExp = Object.assign(
  (pattern: string, flags: string) =>
    new RegExp(pattern.replace('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags),
  { code: 'new RegExp' },
);

/** Compiles the schemas of all kinds from the Go module cache. */
export async function loadSchemas(): Promise<Schemas> {
  // The schemas of Kubernetes have formats and extensions that ajv does not know. Only the structure matters here.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, code: { regExp } });
  const all = [...(await customResourceSchemas()), ...(await kubernetesSchemas())];
  return new Map(all.map(([kind, schema]) => [kind, ajv.compile(schema)]));
}

async function customResourceSchemas(): Promise<readonly (readonly [string, Schema])[]> {
  const found: (readonly [string, Schema])[] = [];
  for (const [module, path, files] of definitions) {
    const sources = await downloadModule(module, path);
    for (const document of files.flatMap((file) => parseAllDocuments(readFileSync(join(sources, file), 'utf8')))) {
      const definition = document.toJS() as {
        spec: {
          group: string;
          names: { kind: string };
          versions: readonly { name: string; schema: { openAPIV3Schema: Schema } }[];
        };
      } | null;
      for (const version of definition?.spec.versions ?? []) {
        const { group, names } = (definition as NonNullable<typeof definition>).spec;
        found.push([`${group}/${version.name} ${names.kind}`, closeSchema(version.schema.openAPIV3Schema, true)]);
      }
    }
  }
  return found;
}

async function kubernetesSchemas(): Promise<readonly (readonly [string, Schema])[]> {
  const sources = await downloadModule('kubernetes', 'k8s.io/kubernetes');
  return kubernetesGroups.flatMap((group) => {
    const file = join(sources, 'api', 'openapi-spec', 'v3', `${group}_openapi.json`);
    const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
      components: { schemas: Record<string, Schema> };
    };
    const named = Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name, closeSchema(schema, false)]),
    );
    return Object.entries(components.schemas).flatMap(([name, schema]) => {
      const kinds = (schema['x-kubernetes-group-version-kind'] ?? []) as {
        group: string;
        version: string;
        kind: string;
      }[];
      const [kind] = kinds;
      return kinds.length !== 1 || kind === undefined
        ? []
        : [
            [
              `${kind.group === '' ? '' : `${kind.group}/`}${kind.version} ${kind.kind}`,
              { $ref: `#/components/schemas/${name}`, components: { schemas: named } },
            ] as const,
          ];
    });
  });
}

/** Rejects unknown fields in a schema, and replaces the types that only Kubernetes knows. */
function closeSchema(schema: Schema, root: boolean): Schema {
  if (schema['x-kubernetes-int-or-string'] === true || schema.format === 'int-or-string') {
    return { type: ['integer', 'string'] };
  }
  const inner = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      switch (key) {
        case 'properties':
          return [
            key,
            Object.fromEntries(
              Object.entries(value as Record<string, Schema>).map(([name, each]) => [name, closeSchema(each, false)]),
            ),
          ];
        case 'items':
          return [key, closeSchema(value as Schema, false)];
        case 'additionalProperties':
          return [key, typeof value === 'object' ? closeSchema(value as Schema, false) : value];
        case 'allOf':
        case 'anyOf':
        case 'oneOf':
          // Custom resource definitions have partial schemas here, which must stay open; OpenAPI has a single reference.
          return [key, value];
        case 'default':
          return [key, undefined];
        default:
          return [key, value];
      }
    }),
  );
  const isOpen =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.properties === undefined ||
    schema.additionalProperties !== undefined;
  return {
    ...inner,
    ...(isOpen ? {} : { additionalProperties: false }),
    ...(root && schema.properties !== undefined
      ? { properties: { ...(inner.properties as object), metadata: metadataSchema } }
      : {}),
  };
}

/** Custom resource definitions declare metadata as an object only. */
const metadataSchema = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', maxLength: 253 },
    namespace: { type: 'string', pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$', maxLength: 63 },
    labels: { type: 'object', additionalProperties: { type: 'string', maxLength: 63 } },
    annotations: { type: 'object', additionalProperties: { type: 'string' } },
    finalizers: { type: 'array', items: { type: 'string' } },
  },
};

/** The schema violations of an object. A kind without a schema is a violation, because it would not be checked. */
export function violations(schemas: Schemas, object: { apiVersion: string; kind: string }): readonly string[] {
  const kind = `${object.apiVersion} ${object.kind}`;
  const validate = schemas.get(kind);
  if (validate === undefined) {
    return [`no schema for ${kind}`];
  }
  return validate(object)
    ? []
    : (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${kind}${instancePath}: ${message} ${JSON.stringify(params)}`,
      );
}
