export { retryTransient, transientReason } from './retry';
export { type Invocation, mustRun, type Outcome, ProgramError, run } from './run';
export { writeFileAtomic } from './write-file';
