import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { type Invocation, type Outcome, ProgramError, run } from '../run';
import { withTemporaryFolder } from '../temporary-folder';
import { dockerCredentials } from './docker-credentials';
import { goSettings } from './go-settings';
import { type ToolAccess, type ToolFolders, toolEnvironment } from './tool-environment';

/** A tool that judges, builds or signs what others wrote. */
export interface ToolInvocation extends Pick<Invocation, 'program' | 'input' | 'timeoutSeconds' | 'onProgress'> {
  /** The folders of the run are for options such as `--config`. */
  readonly arguments: readonly string[] | ((folders: ToolFolders) => readonly string[]);
  /** What the tool may use of this process. @default the network settings alone */
  readonly access?: readonly ToolAccess[];
  /** Variables of the tool, such as COSIGN_REPOSITORY. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Files for the folder `configuration`, by name. */
  readonly configuration?: Readonly<Record<string, string>>;
  /** Files for the home directory, by name, such as a netrc with the credential of one download. */
  readonly home?: Readonly<Record<string, string>>;
  /** The folder that the tool runs in: only for tools whose input is their folder, such as the go command. @default an empty folder */
  readonly directory?: string;
}

/**
 * Runs a tool that only this call configures: in an empty folder, with an empty home, and with an environment of allowed
 * variables. Every tool of `lib/tools` that reads something from outside runs through here; `test/process/tool/every-tool.test.ts` verifies it.
 * A failure, even to start, is an outcome that the caller evaluates.
 */
export async function runTool(invocation: ToolInvocation): Promise<Outcome> {
  const {
    access = [],
    variables = {},
    configuration = {},
    home = {},
    directory,
    arguments: words,
    ...rest
  } = invocation;
  return withTemporaryFolder('tool', async (path) => {
    const folders = createToolFolders(path);
    writeFiles(folders.configuration, configuration);
    writeFiles(folders.home, home);
    if (access.some((kind) => kind !== 'go-modules')) {
      linkAwsProfiles(folders.home);
    }
    if (access.includes('registry')) {
      mkdirSync(join(folders.configuration, 'docker'));
      writeFiles(join(folders.configuration, 'docker'), { 'config.json': dockerCredentials() });
    }
    if (access.includes('go-modules')) {
      turnOffGoTelemetry(folders.home);
    }
    return run({
      ...rest,
      arguments: typeof words === 'function' ? words(folders) : words,
      directory: directory ?? folders.work,
      environment: {
        ...toolEnvironment(access, folders),
        ...(access.includes('go-modules') ? await goSettings() : {}),
        ...variables,
      },
      inheritsEnvironment: false,
    });
  });
}

/** Like {@link runTool}. @throws ProgramError on a nonzero exit code */
export async function mustRunTool(invocation: ToolInvocation): Promise<Outcome> {
  const outcome = await runTool(invocation);
  if (outcome.exitCode !== 0) {
    throw new ProgramError(basename(invocation.program), outcome);
  }
  return outcome;
}

function writeFiles(directory: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(directory, name), text, { mode: 0o600 });
  }
}

/** The profiles of AWS with their cached sessions, which are found below the home directory. */
function linkAwsProfiles(home: string): void {
  const profiles = join(homedir(), '.aws');
  if (existsSync(profiles)) {
    symlinkSync(profiles, join(home, '.aws'));
  }
}

/**
 * In a new home directory, programs of Go start a process that counts their use there, and outlives them
 * (https://pkg.go.dev/golang.org/x/telemetry#Start). GOTELEMETRY can only be read: the mode is a file in os.UserConfigDir.
 */
function turnOffGoTelemetry(home: string): void {
  for (const userConfiguration of ['.config', 'Library/Application Support']) {
    const folder = join(home, userConfiguration, 'go', 'telemetry');
    mkdirSync(folder, { recursive: true });
    writeFiles(folder, { mode: 'off' });
  }
}

/** Creates the folders of a run below an empty folder. */
export function createToolFolders(path: string): ToolFolders {
  const folders: ToolFolders = {
    work: join(path, 'work'),
    home: join(path, 'home'),
    temporary: join(path, 'tmp'),
    configuration: join(path, 'configuration'),
  };
  for (const folder of Object.values(folders)) {
    mkdirSync(folder);
  }
  return folders;
}
