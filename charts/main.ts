import { CatalogError } from '../lib/catalog';
import { ManifestError } from './kubernetes/manifest-error';
import { writeManifests } from './write-manifests';

// The cdk8s app: what `cdk8s synth` runs.
try {
  writeManifests();
} catch (error) {
  if (!(error instanceof CatalogError || error instanceof ManifestError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
