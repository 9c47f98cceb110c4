import { ApiObject, App, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { ManifestError } from './manifest-error';
import { stringifyYaml } from './yaml-text';

/** Adds the objects of one file to a scope. */
export type AddObjects = (scope: Construct) => void;

/**
 * Synthesizes files to YAML, one document per object in the order of creation, and validates all objects together.
 * Every call creates its own App: `App.synth` walks the whole app once per chart, so its time grows with the square of the number of charts.
 * @param files the path of each file, with the function that adds its objects
 * @param addValidations adds validations to the root of all objects
 * @throws ManifestError with every error that a validation found
 */
export function synthesizeFiles(
  files: ReadonlyMap<string, AddObjects>,
  addValidations: (root: Construct) => void,
): ReadonlyMap<string, string> {
  const app = new CachedApp();
  const charts = new Map<string, Chart>();
  for (const [file, addObjects] of files) {
    const chart = new Chart(app, `file-${charts.size}`, { disableResourceNameHashes: true });
    addObjects(chart);
    charts.set(file, chart);
  }
  addValidations(app);
  app.freeze();
  const errors = app.node.findAll().flatMap((construct) => construct.node.validate());
  if (errors.length > 0) {
    throw new ManifestError(errors);
  }
  return new Map([...charts].map(([file, chart]) => [file, stringifyYaml(...manifestsBelow(chart))]));
}

/** The manifests of all objects below a construct, in the order of creation. */
export function manifestsBelow(scope: Construct): readonly object[] {
  const { root } = scope.node;
  return scope.node
    .findAll()
    .filter((construct): construct is ApiObject => ApiObject.isApiObject(construct))
    .map((object) => (root instanceof CachedApp ? root.manifestOf(object) : object.toJson()));
}

/**
 * An app that keeps the manifest of each object once all objects are complete. Validations and files then share one serialization, which is
 * most of the cost of a synthesis.
 */
class CachedApp extends App {
  private readonly manifests = new Map<ApiObject, object>();
  private isFrozen = false;

  constructor() {
    super({ outdir: '' });
  }

  /** Call this after the last change to an object: from now on, the first manifest of an object is kept. */
  freeze(): void {
    this.isFrozen = true;
  }

  manifestOf(object: ApiObject): object {
    if (!this.isFrozen) {
      return object.toJson();
    }
    const manifest: object = this.manifests.get(object) ?? object.toJson();
    this.manifests.set(object, manifest);
    return manifest;
  }
}
