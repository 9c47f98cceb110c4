export { InputError } from './input-error';
export { isTransient, type RetryPlan, retryTransient } from './retry';
export { type Invocation, mustRun, type Outcome, ProgramError, run } from './run';
