export { type FixtureDatabases, fixtureDatabases } from './fixture-databases';
export { goBuild } from './go-build';
export { inspectTools, pinnedVersionOf, type ToolState } from './inspect';
export { ensureGoTool, ensureTools, type InstallOptions, missingTools } from './install';
export { buildkitStateFolder, cacheDirectory, pinFiles, pinsDirectory, toolPath } from './location';
export { acquireLock, withLock } from './lock';
export { type GoTool, type Purpose, type Tool, toolNamed, tools } from './pins';
