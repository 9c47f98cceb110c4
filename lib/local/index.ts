export { type LocalDeployment, serveLocalAws } from './deployed/serve';
export type { RunInput } from './run/prepared';
export { runRelease } from './run/run-release';
export { type RunResult, runFailure } from './run/run-result';
export { defaultStateDirectory } from './services/services';
