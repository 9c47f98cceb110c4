/** A measured process of bench/synth.ts and bench/scale.ts: parses, checks and synthesizes a generated catalog. Arguments: <services> <outdir> <program>. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireCatalog } from '../../lib/catalog';
import { bowlineApp } from '../../lib/pipeline';
import { findRolloutProblems, planRollouts } from '../../lib/rollout';
import { generatedCatalog } from '../rendering/catalog';
import { measureSynth } from './measure';

const [count = '1', outdir = '', program = ''] = process.argv.slice(2);
const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { readonly context: Record<string, unknown> };

measureSynth(() => {
  const files = generatedCatalog(Number(count));
  const parsed = requireCatalog(files.platform, files.services);
  const problems = findRolloutProblems(planRollouts(parsed), files.services);
  if (problems.length > 0) {
    throw new Error(`the generated catalog is not valid: ${JSON.stringify(problems[0])}`);
  }
  return bowlineApp({ catalog: join(process.cwd(), 'catalog'), parsed, program, app: { outdir, context } }).synth();
});
