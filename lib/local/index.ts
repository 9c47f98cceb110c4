export { type LocalDeployment, serveLocalAws } from './deployed/serve-local-aws';
export type { RunInput } from './run/pipeline-source';
export { runRelease } from './run/execute-release';
export { type RunResult, runFailure } from './run/run-result';
export { defaultStateDirectory } from './services/services';
