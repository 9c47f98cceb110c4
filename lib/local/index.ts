export { type LocalDeployment, serveLocalAws } from './deployed/serve-local-aws';
export { observeService, type ServiceObservation } from './observe-service';
export type { RunInput } from './run/pipeline-source';
export { type RunResult, runFailure } from './run/run-result';
export { runRelease } from './run-release';
export { defaultStateDirectory, startLocalServices } from './services/services';
