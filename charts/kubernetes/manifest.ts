import { ApiObject, App, Chart, Yaml } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { ManifestError } from './manifest-error';

/**
 * Synthesizes files of objects to YAML, one document each, in the order in which they are made, and validates all of them together.
 * Every call has an App of its own: `App.synth` walks the whole app once per chart, so that many charts in one app cost their square.
 * @param files what makes the objects of each file
 * @param validate adds validations to what holds all of the objects
 * @throws ManifestError with everything that a validation has found
 */
export function documentsByFile(
  files: ReadonlyMap<string, (scope: Construct) => void>,
  validate: (root: Construct) => void,
): ReadonlyMap<string, string> {
  const app = new App({ outdir: '' });
  const charts = [...files].map(([file, build], index) => {
    const chart = new Chart(app, `file-${index}`, { disableResourceNameHashes: true });
    build(chart);
    return [file, chart] as const;
  });
  validate(app);
  finished.add(app);
  const errors = app.node.findAll().flatMap((construct) => construct.node.validate());
  if (errors.length > 0) {
    throw new ManifestError(errors);
  }
  return new Map(charts.map(([file, chart]) => [file, Yaml.stringify(...objectsBelow(chart))]));
}

/** Every object below a construct, in the order in which they were made, as it will be written. */
export function objectsBelow(scope: Construct): readonly object[] {
  return scope.node
    .findAll()
    .filter((construct) => ApiObject.isApiObject(construct))
    .map((construct) => manifestOf(construct as ApiObject));
}

/** Apps that nothing is added to any more: what an object of theirs says stays the same, for rules and for files. */
const finished = new WeakSet<IConstruct>();
const manifests = new WeakMap<ApiObject, object>();

function manifestOf(object: ApiObject): object {
  const known = manifests.get(object);
  if (known !== undefined) {
    return known;
  }
  const manifest = object.toJson();
  if (finished.has(object.node.root)) {
    manifests.set(object, manifest);
  }
  return manifest;
}
