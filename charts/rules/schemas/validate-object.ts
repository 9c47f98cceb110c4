import Ajv, { type ErrorObject, type Options, type ValidateFunction } from 'ajv';
import type { LocatedObject } from '../manifests/objects';
import argocd from './argocd.json';
import { describeViolation, type Violation } from './describe-violation';
import flagger from './flagger.json';
import gatewayApi from './gateway-api.json';
import kubernetes from './kubernetes.json';
import { metadataSchema } from './metadata-schema';
import prometheusOperator from './prometheus-operator.json';
import type { SchemaFile } from './schema-file';

const files: readonly SchemaFile[] = [flagger, argocd, prometheusOperator, gatewayApi, kubernetes];

/** The project and the version of a kind's schema, such as `Flagger 1.44.0`. */
function describeSource({ source }: SchemaFile): string {
  return `${source.project} ${source.version.replace(/^v/, '')}`;
}

/**
 * Validates an object against the schema of its kind, as a strict API server does: unknown fields, missing fields, types, ranges, allowed values.
 * An object of another kind has no violations. A text with a placeholder (`${replicas}`, `{{ .Values.replicas }}`) may become anything.
 */
export function validateObject(object: LocatedObject): readonly Violation[] {
  const file = files.find(({ schemas }) => schemas[`${object.apiVersion} ${object.kind}`] !== undefined);
  if (file === undefined) {
    return checkVersion(object);
  }
  const validate = validatorOf(`${object.apiVersion} ${object.kind}`, file);
  if (validate(withoutNulls(object.get()))) {
    return [];
  }
  const errors = (validate.errors ?? []).filter((error) => !isInsideAlternative(error) && !isPlaceholder(error.data));
  const misspelled = new Set(
    errors.filter(({ keyword }) => keyword === 'additionalProperties').map(({ instancePath }) => instancePath),
  );
  return errors
    .filter(({ keyword, instancePath }) => !(/^(?:any|one)Of$/.test(keyword) && misspelled.has(instancePath)))
    .map((error) => describeViolation(error, describeSource(file)));
}

const groupsOfOneProject = ['flagger.app'];

/** An object of a known kind whose version is not served, or of a kind that its group does not have. */
function checkVersion({ apiVersion, kind }: LocatedObject): readonly Violation[] {
  const [group = '', version] = apiVersion.split('/');
  for (const file of files) {
    const served = Object.keys(file.schemas).filter((each) => version !== undefined && each.startsWith(`${group}/`));
    const versions = served.filter((each) => each.endsWith(` ${kind}`)).map((each) => each.split(' ')[0]);
    if (versions.length > 0) {
      const message = `${describeSource(file)} does not serve ${apiVersion} ${kind}: use ${versions.join(' or ')}`;
      return [{ path: ['apiVersion'], message }];
    }
    if (served.length > 0 && groupsOfOneProject.includes(group)) {
      const kinds = [...new Set(served.map((each) => each.split(' ')[1]))];
      return [{ path: ['kind'], message: `${describeSource(file)} has no kind ${kind}: it has ${kinds.join(', ')}` }];
    }
  }
  return [];
}

/** Go writes the flag for case-insensitive patterns inside the pattern. */
const regExp = Object.assign(
  (pattern: string) => new RegExp(pattern.replaceAll('(?i)', ''), pattern.includes('(?i)') ? 'i' : ''),
  { code: 'new RegExp' },
);

const options: Options = {
  strict: false,
  allErrors: true,
  verbose: true,
  validateFormats: false,
  // A schema is compiled to check a few objects. Optimized code takes four times as long to generate: 310 instead of 70 ms for a Canary.
  code: { regExp, optimize: false },
  inlineRefs: false,
  // The schemas are generated, and a test compiles all of them.
  meta: false,
  validateSchema: false,
};

let ajv: Ajv | undefined;
const validators = new Map<string, ValidateFunction>();

/** Compiles a schema when the first object of its kind is checked. */
function validatorOf(kind: string, { schemas }: SchemaFile): ValidateFunction {
  ajv ??= new Ajv(options);
  let validator = validators.get(kind);
  if (validator === undefined) {
    const schema = schemas[kind] as { readonly properties: object };
    validator = ajv.compile({ ...schema, properties: { ...schema.properties, metadata: metadataSchema } });
    validators.set(kind, validator);
  }
  return validator;
}

/** The API server drops a null where a field is optional, which is what generators write for an empty field. */
function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const present = Object.entries(value).filter(
    ([key, inner]) => (inner !== null && inner !== undefined) || isUnquotedVariable(key),
  );
  return Object.fromEntries(present.map(([key, inner]) => [key, withoutNulls(inner)]));
}

/** An error inside of one alternative. The error of the alternatives together is enough. */
function isInsideAlternative({ schemaPath }: ErrorObject): boolean {
  return /\/(?:anyOf|oneOf)\/\d+\/|\/not\//.test(schemaPath);
}

/** Text with a variable in it, or what `{{ variable }}` is without quotes: a map whose key is a map. */
function isPlaceholder(value: unknown): boolean {
  if (value !== null && typeof value === 'object') {
    return Object.keys(value).some(isUnquotedVariable);
  }
  return typeof value === 'string' && /\$\{|\$\(|\{\{|<[\w.-]+>/.test(value);
}

function isUnquotedVariable(key: string): boolean {
  return key.startsWith('{');
}
