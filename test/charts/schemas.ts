import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { parseAllDocuments } from 'yaml';
import { sourcesOf } from '../../lab/go-modules';

interface Schema {
  readonly [key: string]: unknown;
}

/** A validator for each `apiVersion kind`, as strict as an API server that refuses unknown fields. */
export type Schemas = ReadonlyMap<string, ValidateFunction>;

/** Where the upstreams keep their definitions, at the versions that tools/go pins. */
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

/** The parts of Kubernetes' OpenAPI that hold the kinds we render. */
const kubernetesGroups = [
  'api__v1',
  'apis__apps__v1',
  'apis__autoscaling__v2',
  'apis__policy__v1',
  'apis__networking.k8s.io__v1',
  'apis__admissionregistration.k8s.io__v1',
];

/** Go writes "upper or lower case" inside of a pattern. */
const regExp = Object.assign(
  (pattern: string, flags: string) =>
    new RegExp(pattern.replace('(?i)', ''), pattern.includes('(?i)') ? `${flags}i` : flags),
  { code: 'new RegExp' },
);

/** Reads the schemas of all kinds out of the Go module cache. */
export async function loadSchemas(): Promise<Schemas> {
  // Schemas of Kubernetes carry formats and extensions of their own; what counts is structure.
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, code: { regExp } });
  const all = [...(await customKinds()), ...(await kubernetesKinds())];
  return new Map(all.map(([kind, schema]) => [kind, ajv.compile(schema)]));
}

async function customKinds(): Promise<readonly (readonly [string, Schema])[]> {
  const found: (readonly [string, Schema])[] = [];
  for (const [module, path, files] of definitions) {
    const sources = await sourcesOf(module, path);
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
        found.push([`${group}/${version.name} ${names.kind}`, strict(version.schema.openAPIV3Schema, true)]);
      }
    }
  }
  return found;
}

async function kubernetesKinds(): Promise<readonly (readonly [string, Schema])[]> {
  const sources = await sourcesOf('kubernetes', 'k8s.io/kubernetes');
  return kubernetesGroups.flatMap((group) => {
    const file = join(sources, 'api', 'openapi-spec', 'v3', `${group}_openapi.json`);
    const { components } = JSON.parse(readFileSync(file, 'utf8')) as {
      components: { schemas: Record<string, Schema> };
    };
    const named = Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name, strict(schema, false)]),
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

/** The schema with every unknown field refused, and with Kubernetes' own types spelt out. */
function strict(schema: Schema, root: boolean): Schema {
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
              Object.entries(value as Record<string, Schema>).map(([name, each]) => [name, strict(each, false)]),
            ),
          ];
        case 'items':
          return [key, strict(value as Schema, false)];
        case 'additionalProperties':
          return [key, typeof value === 'object' ? strict(value as Schema, false) : value];
        case 'allOf':
        case 'anyOf':
        case 'oneOf':
          // In definitions these hold partial schemas, which must not be closed; in OpenAPI a single reference.
          return [key, value];
        case 'default':
          return [key, undefined];
        default:
          return [key, value];
      }
    }),
  );
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true ||
    schema.properties === undefined ||
    schema.additionalProperties !== undefined;
  return {
    ...inner,
    ...(open ? {} : { additionalProperties: false }),
    ...(root && schema.properties !== undefined
      ? { properties: { ...(inner.properties as object), metadata: metadataSchema } }
      : {}),
  };
}

/** A definition says no more of metadata than that it is an object. */
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

/** What is wrong with an object, or nothing. A kind without a schema is wrong: nobody would have looked at it. */
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
