export { bindToThisProcess, isRunning, terminate } from './end-with-process';
export { type GitCommandOptions, gitCommand } from './git/git-command';
export { type GitIsolation, gitEnvironment, gitFlags } from './git/isolation';
export { type GitUse, readUserGitSettings, type UserGitSettings } from './git/user-settings';
export { retryTransient, transientReason } from './retry';
export { type Invocation, mustRun, type Outcome, ProgramError, run } from './run';
export {
  createTemporaryFolder,
  type TemporaryFolder,
  withTemporaryFolder,
} from './temporary-folder';
export { createToolFolders, mustRunTool, runTool, type ToolInvocation } from './tool/run-tool';
export { type ToolAccess, toolEnvironment } from './tool/tool-environment';
export { writeFileAtomic } from './write-file';
