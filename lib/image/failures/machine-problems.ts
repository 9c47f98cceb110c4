import type { StepFailure } from '../step-failure';
import { type BuildContext, type BuildProblem, excerpt } from './build-problem';

const fullDisk = /no space left on device|disk quota exceeded/i;
const outOfMemory = /signal: killed|cannot allocate memory|out of memory|Killed$|\bOOM\b/;

/** A message about the source can quote such words. */
const position = /^\S+\.\w+:\d+/;

/** The machine of the build ran out of memory or disk. Not an error in the source. */
export function explainMachine(
  { lines, exitCode, command }: Pick<StepFailure, 'lines' | 'exitCode' | 'command'>,
  { service }: BuildContext,
): BuildProblem | undefined {
  const line = lines.find((text) => !position.test(text) && (fullDisk.test(text) || outOfMemory.test(text)));
  if (line === undefined && exitCode !== 137) {
    return undefined;
  }
  const disk = line !== undefined && fullDisk.test(line);
  return {
    code: 'builder-exhausted',
    kind: 'inconclusive',
    message: [
      `${service.name}: the machine of the build has no ${disk ? 'disk space' : 'memory'} left (${command})`,
      ...excerpt(line === undefined ? [] : [line.trim()]),
      disk
        ? '  Locally, free disk space or remove the state folder; on AWS, set a larger compute in the catalog'
        : `  On AWS, set a larger compute than ${service.compute} in the catalog; locally, end other programs`,
    ].join('\n'),
  };
}
