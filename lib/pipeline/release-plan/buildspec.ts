/** One argument of a shell command: literal text, or an environment variable with an optional path after it. */
export type CommandArgument = string | { readonly variable: string; readonly path?: string };

/**
 * One command of a buildspec: runs a program, loads a one-line file of {@link exportsDirectory} into an environment variable, or stops the build
 * unless a folder has a known content.
 */
export type BuildCommand =
  | { readonly run: readonly CommandArgument[] }
  | { readonly loadExport: string }
  | { readonly verifyFolder: FolderCheck };

/** Both are names of environment variables. */
export interface FolderCheck {
  readonly folder: string;
  /** Its value is the `folderHash` of the files. */
  readonly sha256: string;
}

/** What a CodeBuild project runs. */
export interface BuildCommands {
  readonly commands: readonly BuildCommand[];
  /** Variables that become pipeline variables. They are loaded after the last command. */
  readonly exports: readonly string[];
  /** Folder that becomes the output artifact. @default the build has no output artifact */
  readonly output?: string;
  /** Whether git commands of the build can log in to the host of the source. @default false */
  readonly gitCredentials?: boolean;
}

/** Folder in the working directory of a build in which a pipeline step writes its results. */
export const workDirectory = '.bowline';
/** Where a pipeline step writes its release record. */
export const releaseDirectory = `${workDirectory}/release`;
/** Where a pipeline step writes its one-line export files. */
export const exportsDirectory = `${workDirectory}/exports`;

/**
 * Renders a buildspec of version 0.2, which runs all commands in one shell.
 * https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function renderBuildspec({ commands, exports, output, gitCredentials }: BuildCommands): Record<string, unknown> {
  const lines: string[] = [];
  for (const command of [...commands, ...exports.map((name) => ({ loadExport: name }))]) {
    if ('run' in command) {
      lines.push(shellCommand(command.run));
    } else if ('verifyFolder' in command) {
      lines.push(verifyFolder(command.verifyFolder));
    } else {
      lines.push(...loadExport(command.loadExport));
    }
  }
  return {
    version: '0.2',
    env: {
      shell: 'bash',
      'exported-variables': [...exports],
      ...(gitCredentials ? { 'git-credential-helper': 'yes' } : {}),
    },
    phases: { build: { commands: lines } },
    ...(output === undefined ? {} : { artifacts: { 'base-directory': output, files: ['**/*'] } }),
  };
}

/** `read` fails if the file is missing or contains no complete line. */
function loadExport(name: string): readonly string[] {
  if (!/^[A-Z][A-Z0-9_]*$/.test(name)) {
    throw new Error(`an exported variable must be in capitals, got: ${JSON.stringify(name)}`);
  }
  return [`read -r ${name} < ${exportsDirectory}/${name}`, `export ${name}`];
}

/**
 * What is neither a file nor a folder, such as a symbolic link, is printed, so that the sum differs. The length is checked because without folder
 * and variable both sides would be empty.
 */
function verifyFolder({ folder, sha256 }: FolderCheck): string {
  const sum =
    "find . ! -type d ! -type f && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum -- | sha256sum | cut -d ' ' -f 1";
  const message = `the files in ${folder} are not those that the pipeline was deployed with (${sha256}): somebody replaced them, or the source of the action was overridden. Find out who, then start a release from its source.`;
  for (const name of [folder, sha256]) {
    requireVariableName(name);
  }
  return `{ [ "\${#${sha256}}" = 64 ] && [ "$(cd -- "$${folder}" && ${sum})" = "$${sha256}" ]; } || { echo ${quote(message)} >&2; false; }`;
}

/**
 * Renders one shell command. The shell expands only the named variables, each inside double quotes; it never splits or runs any argument.
 * @throws Error for a variable name or a literal that cannot be quoted safely
 */
export function shellCommand(argv: readonly CommandArgument[]): string {
  return argv.map(quote).join(' ');
}

/** `"$NAME/path"`: the value of an environment variable as one argument, whatever characters it contains. */
export function variable(name: string, path?: string): CommandArgument {
  return path === undefined ? { variable: name } : { variable: name, path };
}

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;
const unquotedText = /^[A-Za-z0-9_@%+=:,./-]+$/;

function quote(argument: CommandArgument): string {
  if (typeof argument === 'string') {
    if (argument.includes('\0') || argument.includes('\n')) {
      throw new Error(`a command argument must be one line without NUL, got: ${JSON.stringify(argument)}`);
    }
    return unquotedText.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
  }
  const { variable: name, path } = argument;
  requireVariableName(name);
  if (path !== undefined && !unquotedText.test(path)) {
    throw new Error(`a path after a variable must need no quotes, got: ${JSON.stringify(path)}`);
  }
  return `"$${name}${path === undefined ? '' : `/${path}`}"`;
}

function requireVariableName(name: string): void {
  if (!variableName.test(name)) {
    throw new Error(`a variable name must consist of letters, digits and "_", got: ${JSON.stringify(name)}`);
  }
}
