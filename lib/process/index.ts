export { InputError } from './input-error';
export { type RetryPlan, retryTransient, transientReason } from './retry';
export { type Invocation, mustRun, type Outcome, ProgramError, run } from './run';
