export { type RunInput, type RunResult, runFailure, runRoad } from './road/run-road';
export { defaultStateDirectory } from './services/services';
