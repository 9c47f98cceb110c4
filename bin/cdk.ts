import { CatalogError } from '../lib/catalog';
import { bowlineApp } from '../lib/pipeline';

try {
  const { BOWLINE_CATALOG: catalogDirectory = 'catalog', BOWLINE_PROGRAM: program } = process.env;
  bowlineApp({ catalogDirectory, ...(program === undefined ? {} : { program }) }).synth();
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
