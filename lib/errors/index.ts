export { BowlineError, badInput, inconclusive, rejected } from './bowline-error';
export { type ErrorCode, type ErrorCodeOf, type ErrorDescription, errorCodes } from './error-codes';
export { type ExitCode, exitCodes, type FailureKind } from './exit-codes';
