import type { ActionResult } from './run-pipeline';

/** A step of the run that is no action of the pipeline. */
export function timedStep(started: bigint, name: string): ActionResult {
  return { stage: name, name, seconds: Number(process.hrtime.bigint() - started) / 1e9, exitCode: 0 };
}

/** A step or an action as people are told. */
export function formatActionResult({ stage, name, seconds, exitCode }: ActionResult): string {
  const title = stage === name ? name : `${stage}/${name}`;
  return `${exitCode === 0 ? '✓' : '✗'} ${title.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`;
}
