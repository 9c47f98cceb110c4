export { type LocalDeployment, serveLocalAws } from './deployed/serve';
export type { RunInput } from './road/prepared';
export { type RunResult, runFailure } from './road/run-result';
export { runRoad } from './road/run-road';
export { defaultStateDirectory } from './services/services';
