import { statSync } from 'node:fs';
import type { cx_api } from 'aws-cdk-lib';

export interface SynthMeasure {
  readonly stacks: number;
  readonly resources: number;
  readonly types: Readonly<Record<string, number>>;
  /** Size of the largest template, and of all of them, as they are written. */
  readonly largestTemplateBytes: number;
  readonly templateBytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

/** Synthesizes an app, and prints the time, CPU and memory since the process started as JSON. */
export function measureSynth(synth: () => cx_api.CloudAssembly): void {
  const assembly = synth();
  const seconds = performance.now() / 1000;
  const { user, system } = process.cpuUsage();
  const types: Record<string, number> = {};
  for (const { template } of assembly.stacks) {
    for (const { Type } of Object.values(template.Resources as Record<string, { Type: string }>)) {
      types[Type] = (types[Type] ?? 0) + 1;
    }
  }
  const bytes = assembly.stacks.map(({ templateFullPath }) => statSync(templateFullPath).size);
  const measure: SynthMeasure = {
    stacks: assembly.stacks.length,
    resources: Object.values(types).reduce((sum, count) => sum + count, 0),
    types,
    largestTemplateBytes: Math.max(...bytes),
    templateBytes: bytes.reduce((sum, size) => sum + size, 0),
    seconds,
    cpuSeconds: (user + system) / 1e6,
    // In KiB on Linux (getrusage(2)).
    peakBytes: process.resourceUsage().maxRSS * 1024,
  };
  process.stdout.write(JSON.stringify(measure));
}
