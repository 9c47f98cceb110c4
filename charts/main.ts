import { CatalogError } from '../lib/catalog';
import { ManifestError } from './kubernetes/manifest-error';
import { writeManifests } from './write-manifests';

// The cdk8s app that `cdk8s synth` runs (cdk8s.yaml).
try {
  writeManifests();
} catch (error) {
  if (!(error instanceof CatalogError || error instanceof ManifestError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
