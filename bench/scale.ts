/**
 * Measures `cdk synth` of many services in one account: CPU time, memory, template sizes, and the share of the quota that is used up first.
 * Without the template validation of CDK, whose time grows with the templates too (bench/synth.ts).
 *   npx tsx bench/scale.ts [services …]
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { SynthMeasure } from './synth/measure';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const sizes = process.argv.slice(2).map(Number);
/** Roles of an account (IAM/latest/UserGuide/reference_iam-quotas.html): the default, and what it can be raised to. */
const roleQuota = 1000;

function main(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-scale-'));
  try {
    const program = join(scratch, 'program');
    mkdirSync(program);
    writeFileSync(join(program, 'bowline.mjs'), '// placeholder for the bundle\n');
    const app = join(scratch, 'bowline.cjs');
    buildSync({
      entryPoints: [join(__dirname, 'synth', 'bowline.ts')],
      outfile: app,
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['aws-cdk-lib', 'constructs'],
      logLevel: 'error',
    });
    const rows = (sizes.length === 0 ? [10, 100, 334, 1000] : sizes).map((size) => {
      const measure = synthesize(app, [String(size), join(scratch, `out-${size}`), program]);
      const roles = measure.types['AWS::IAM::Role'] ?? 0;
      return [
        String(size),
        `${measure.cpuSeconds.toFixed(1)} s`,
        `${Math.round(measure.peakBytes / 2 ** 20)} MiB`,
        String(measure.stacks),
        String(measure.resources),
        `${Math.ceil(measure.largestTemplateBytes / 1024)} KiB`,
        `${(measure.templateBytes / 2 ** 20).toFixed(1)} MiB`,
        `${roles} (${Math.round((roles / roleQuota) * 100)} %)`,
      ];
    });
    process.stdout.write(
      markdownTable(
        ['Services', 'CPU', 'peak memory', 'stacks', 'resources', 'largest template', 'all templates', 'IAM roles'],
        rows,
      ),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function synthesize(app: string, words: readonly string[]): SynthMeasure {
  const { status, stdout, stderr } = spawnSync(process.execPath, [app, ...words], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: {
      ...process.env,
      NODE_PATH: join(root, 'node_modules'),
      BOWLINE_PINS: join(root, 'tools'),
      CDK_VALIDATION: 'false',
    },
  });
  if (status !== 0) {
    throw new Error(`the synthesis of ${words[0]} services exited with code ${status}: ${stderr.slice(-2000)}`);
  }
  return JSON.parse(stdout) as SynthMeasure;
}

main();
