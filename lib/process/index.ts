export { InputError } from './input-error';
export { retryTransient, transientReason } from './retry';
export { type Invocation, mustRun, type Outcome, ProgramError, run } from './run';
