/**
 * Measures the startup of the bundled command line, compared to Node.js and to the CDK command line.
 *   npm run bundle && npx tsx bench/startup.ts
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const candidates: readonly (readonly [string, readonly string[]])[] = [
  ['node --version', ['--version']],
  ['bowline --help', [join(root, 'dist', 'bowline', 'bowline.mjs'), '--help']],
  ['bowline check catalog', [join(root, 'dist', 'bowline', 'bowline.mjs'), 'check', 'catalog']],
  ['cdk --help', [join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk'), '--help']],
];
const rounds = 15;

const medians = candidates.map(([name, args]) => {
  const times = Array.from({ length: rounds }, () => {
    const started = process.hrtime.bigint();
    const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'ignore' });
    if (status !== 0) {
      throw new Error(`${name} exited with code ${status}`);
    }
    return Number(process.hrtime.bigint() - started) / 1e6;
  });
  return { name, median: times.sort((a, b) => a - b)[Math.floor(rounds / 2)] as number };
});
const bowlineHelp = medians[1]?.median as number;
process.stdout.write(
  markdownTable(
    ['Command', `median of ${rounds}`, 'ratio'],
    medians.map(({ name, median }) => [`\`${name}\``, `${median.toFixed(0)} ms`, (median / bowlineHelp).toFixed(1)]),
  ),
);
