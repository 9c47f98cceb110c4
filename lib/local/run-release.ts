import { executeRelease } from './run/execute-release';
import type { RunInput } from './run/pipeline-source';
import { synthesizedPipeline } from './run/prepare-synthesized';
import type { RunResult } from './run/run-result';

/** Executes the release pipeline of a service on this machine: the synthesized one, or with `input.deployed` the one that is deployed there. */
export async function runRelease(input: RunInput): Promise<RunResult> {
  if (input.deployed === undefined) {
    return executeRelease(input, synthesizedPipeline);
  }
  // Loaded only here, since it brings the AWS clients of CodePipeline and CodeBuild.
  const { deployedPipeline } = await import('./deployed/prepare-deployed');
  return executeRelease(input, deployedPipeline(input.deployed));
}
