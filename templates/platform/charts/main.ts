import { CatalogError } from 'bowline/catalog';
import { writeManifests } from 'bowline/charts';

// `cdk8s synth` runs this: it renders the manifests of the ledger. ledger/ is a clone of the ledger, which has the releases; git ignores it here.
try {
  writeManifests({ catalog: 'catalog', ledger: 'ledger' });
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
