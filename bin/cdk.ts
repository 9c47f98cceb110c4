import { CatalogError } from '../lib/catalog';
import { bowlineApp } from '../lib/pipeline';

try {
  const { BOWLINE_CATALOG: catalog = 'catalog', BOWLINE_PROGRAM: program } = process.env;
  bowlineApp({ catalog, ...(program === undefined ? {} : { program }) }).synth();
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
