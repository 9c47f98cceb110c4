/** The result of an action of the pipeline, or of a step that the local run adds to it. */
export interface ActionResult {
  readonly stage: string;
  readonly name: string;
  readonly seconds: number;
  readonly exitCode: number;
}

/** The result of a step that is not an action of the pipeline. @param started process.hrtime.bigint() at its start */
export function timedStep(started: bigint, name: string): ActionResult {
  return { stage: name, name, seconds: Number(process.hrtime.bigint() - started) / 1e9, exitCode: 0 };
}

/** One line for people. */
export function formatActionResult({ stage, name, seconds, exitCode }: ActionResult): string {
  const title = stage === name ? name : `${stage}/${name}`;
  return `${exitCode === 0 ? '✓' : '✗'} ${title.padEnd(14)} ${seconds.toFixed(1).padStart(6)} s`;
}
