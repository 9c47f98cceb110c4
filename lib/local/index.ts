export { type LocalDeployment, serveLocalAws } from './deployed/serve';
export type { RunInput } from './road/prepared';
export { type RunResult, runFailure, runRoad } from './road/run-road';
export { defaultStateDirectory } from './services/services';
