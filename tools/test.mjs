// The test suite: format and lint, types, import directions, then the tests. The last line has the totals.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (name) => join(root, 'node_modules', '.bin', name);
const scratch = mkdtempSync(join(tmpdir(), 'bowline-test-'));
const totals = join(scratch, 'totals.json');

const checks = [
  ['format and lint', bin('biome'), ['ci', '.']],
  ['terms', process.execPath, [join(root, 'tools', 'check-terms.mjs')]],
  ['types', bin('tsc'), ['--noEmit']],
  ['import directions', bin('depcruise'), ['--config', '.dependency-cruiser.cjs', 'bin', 'lib', 'charts', 'lab']],
  // Before the tests, which run in parallel and need it: two of them would build it at the same time.
  ['package', process.execPath, [join(root, 'tools', 'package.mjs')]],
];
const extra = process.argv.slice(2);

let failedChecks = 0;
for (const [name, program, words] of extra.length > 0 ? [] : checks) {
  const started = Date.now();
  const { status } = spawnSync(program, words, { cwd: root, stdio: ['ignore', 2, 2] });
  failedChecks += status === 0 ? 0 : 1;
  process.stderr.write(
    `${name}: ${status === 0 ? 'passed' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)\n`,
  );
}
const jest = spawnSync(bin('jest'), ['--json', `--outputFile=${totals}`, ...extra], {
  cwd: root,
  stdio: ['ignore', 2, 2],
});
let passed = 0;
let failed = 0;
try {
  const result = JSON.parse(readFileSync(totals, 'utf8'));
  passed = result.numPassedTests;
  // A test file that fails to load counts as one failure.
  failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
} catch {
  failed = 1;
}
rmSync(scratch, { recursive: true, force: true });
process.stdout.write(
  `${passed + (extra.length > 0 ? 0 : checks.length - failedChecks)} passed, ${failed + failedChecks} failed\n`,
);
process.exit(failed + failedChecks === 0 && jest.status === 0 && passed > 0 ? 0 : 1);
