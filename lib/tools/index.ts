export { inspectTools, type ToolState } from './inspect';
export { ensureTools, type InstallOptions } from './install';
export { cacheDirectory, pinsDirectory, toolPath } from './location';
export { withLock } from './lock';
export { type Purpose, type Tool, tools } from './pins';
export { ensureStandIn, type StandIn, standInDatabases } from './stand-in';
