import { type ApiObject, JsonPatch } from 'cdk8s';

/**
 * Applies JSON patches to the manifest of an object of cdk8s-plus-27. Further calls for the same object apply their patches after the earlier
 * ones.
 *
 * `ApiObject.addJsonPatch` does not suffice: cdk8s applies its patches before the generated type serializes the object, and that type drops
 * every field which Kubernetes 1.27 does not define (lib/imports/k8s.js: `toJson_LifecycleHandler` has no `sleep`). This function therefore
 * replaces `toJson` of the object, which every synthesis of cdk8s calls, with one that patches the result of the original.
 */
export function patchManifest(object: ApiObject, patches: readonly JsonPatch[] = []): void {
  const serialize = object.toJson.bind(object);
  object.toJson = () => sortFields(JsonPatch.apply(serialize(), ...patches));
}

/** `apiVersion`, `kind` and `metadata` first and all other fields by name, as cdk8s sorts an ApiObject. */
function sortFields({ apiVersion, kind, metadata, ...rest }: Readonly<Record<string, unknown>>): object {
  return { apiVersion, kind, metadata: sortDeep(metadata), ...(sortDeep(rest) as object) };
}

function sortDeep(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortDeep);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(fields)
      .sort()
      .map((key) => [key, sortDeep(fields[key])]),
  );
}
