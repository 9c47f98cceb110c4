/**
 * Measures time, CPU and memory of `cdk synth`: Bowline's app compared to the same resources written with L2 constructs only, with and without
 * the template validation of CDK.
 *   npx tsx bench/synth.ts
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { SynthMeasure } from './synth/measure';
import { markdownTable } from './table';

const root = join(__dirname, '..');
const sizes = [1, 10, 100];
const repetitions = 3;

function main(): void {
  const scratch = mkdtempSync(join(tmpdir(), 'bowline-synth-'));
  try {
    const program = join(scratch, 'program');
    spawnSync('mkdir', [program]);
    writeFileSync(join(program, 'bowline.mjs'), '// placeholder for the bundle, which is an asset of both apps\n');
    const apps = (['bowline', 'plain'] as const).map((name) => {
      const outfile = join(scratch, `${name}.cjs`);
      buildSync({
        entryPoints: [join(__dirname, 'synth', `${name}.ts`)],
        outfile,
        bundle: true,
        platform: 'node',
        target: 'node20',
        external: ['aws-cdk-lib', 'constructs'],
        logLevel: 'error',
      });
      return { name: name === 'bowline' ? 'Bowline' : 'L2 only', outfile };
    });
    const rows = sizes.flatMap((size) =>
      [false, true].flatMap((validation) => {
        const measures = apps.map(({ name, outfile }) => ({
          name,
          measure: medianMeasure({ size, validation, app: outfile, scratch, program }),
        }));
        const plain = measures.at(-1)?.measure.cpuSeconds ?? Number.NaN;
        return measures.map(({ name, measure }) => [
          `${size}, ${name}`,
          validation ? 'on' : 'off',
          `${measure.seconds.toFixed(2)} s`,
          `${measure.cpuSeconds.toFixed(2)} s`,
          (measure.cpuSeconds / plain).toFixed(2),
          `${Math.round(measure.peakBytes / 2 ** 20)} MiB`,
          String(measure.stacks),
          String(measure.resources),
        ]);
      }),
    );
    process.stdout.write(
      markdownTable(
        ['Services', 'validation', 'wall', 'CPU', 'ratio of CPU', 'peak memory', 'stacks', 'resources'],
        rows,
      ),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** A synthesis to measure. */
interface Run {
  /** Number of services. */
  readonly size: number;
  readonly validation: boolean;
  /** Path of the bundled app. */
  readonly app: string;
  readonly scratch: string;
  /** Folder of the placeholder for the command line bundle. */
  readonly program: string;
}

/** The measurement with the median CPU time. Each runs in a new process and writes to a new folder. */
function medianMeasure({ size, validation, app, scratch, program }: Run): SynthMeasure {
  const measures = Array.from({ length: repetitions }, () => {
    const outdir = mkdtempSync(join(scratch, 'out-'));
    const { status, stdout, stderr } = spawnSync(process.execPath, [app, String(size), outdir, program], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      env: {
        ...process.env,
        NODE_PATH: join(root, 'node_modules'),
        BOWLINE_PINS: join(root, 'tools'),
        CDK_VALIDATION: String(validation),
      },
    });
    rmSync(outdir, { recursive: true, force: true });
    if (status !== 0) {
      throw new Error(`${app} exited with code ${status}: ${stderr.slice(-2000)}`);
    }
    return JSON.parse(stdout) as SynthMeasure;
  });
  return measures.sort((a, b) => a.cpuSeconds - b.cpuSeconds)[Math.floor(repetitions / 2)] as SynthMeasure;
}

main();
