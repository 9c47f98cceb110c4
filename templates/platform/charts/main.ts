import { CatalogError } from 'bowline/catalog';
import { writeManifests } from 'bowline/charts';

// What `cdk8s synth` runs: the manifests as they will stand in the ledger. ledger/ is a clone of it, for what is released; git does not track it here.
try {
  writeManifests({ catalog: 'catalog', ledger: 'ledger' });
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
