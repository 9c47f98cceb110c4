import { type ApiObject, JsonPatch } from 'cdk8s';

/**
 * Corrects what an object of cdk8s-plus-27 writes. After its own types have had their say, and not by `addJsonPatch`, which comes before:
 * they know Kubernetes 1.27, and drop in silence what is newer (lib/imports/k8s.js, `toJson_LifecycleHandler` has no `sleep`).
 * @param operations read when the object is written, so that verbs may add to them
 */
export function correct(object: ApiObject, operations: readonly JsonPatch[] = []): void {
  const written = object.toJson.bind(object);
  object.toJson = () => inOrder(JsonPatch.apply(written(), ...operations));
}

/** What it is and whose it is first, then the rest by name, as cdk8s writes the kinds that are ours. */
function inOrder({ apiVersion, kind, metadata, ...rest }: Readonly<Record<string, unknown>>): object {
  return { apiVersion, kind, metadata: sorted(metadata), ...(sorted(rest) as object) };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  const members = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.keys(members)
      .sort()
      .map((key) => [key, sorted(members[key])]),
  );
}
