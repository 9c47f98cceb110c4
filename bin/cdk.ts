import { CatalogError } from '../lib/catalog';
import { bowlineApp } from '../lib/pipeline';
import { describeRollout, loadReleasableCatalog } from '../lib/rollout';

try {
  const { BOWLINE_CATALOG: catalog = 'catalog', BOWLINE_PROGRAM: program } = process.env;
  const { catalog: parsed, rollouts } = loadReleasableCatalog(catalog);
  process.stderr.write(rollouts.map((rollout) => `${describeRollout(rollout)}\n`).join(''));
  bowlineApp({ catalog, parsed, program }).synth();
} catch (error) {
  if (!(error instanceof CatalogError)) {
    throw error;
  }
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 3;
}
